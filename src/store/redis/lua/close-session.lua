#!lua flags=allow-oom
-- Ends a session.
--
-- KEYS  the prefix
-- ARGV  time; hash
-- Reply nothing
--! engine

local key = K .. 'session:' .. ARGV[2]
local id = string.match(call('GET', key) or '', '|(.*)$')
if id then call('ZREM', K .. 'sessions:' .. id, ARGV[2]) end
call('DEL', key)
return ''
