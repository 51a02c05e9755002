#!lua flags=allow-oom
-- Enters the installation, and founds it where nothing lies.
--
-- KEYS  the prefix
-- ARGV  time; this version of the schema; the id of an installation that is to be founded
-- Reply {'entered' | 'founded' | 'orphaned', version, id}
-- Keeps one id for as long as the data lasts.
--! engine

local key = K .. 'schema'
local found = call('HMGET', key, 'version', 'id')
if found[2] then return { 'entered', found[1], found[2] } end
if call('EXISTS', K .. 'seq') == 1 then return { 'orphaned', '0', '' } end
call('HSET', key, 'version', ARGV[2], 'since', whole(NOW), 'id', ARGV[3])
return { 'founded', ARGV[2], ARGV[3] }
