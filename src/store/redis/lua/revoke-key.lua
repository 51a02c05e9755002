#!lua flags=allow-oom
-- Removes a key. Its sessions end with it: whoever finds one looks for its key.
--
-- KEYS  the prefix
-- ARGV  time; id
-- Reply 1, or 0 for one that is not there
--! engine

local id = ARGV[2]
local name, hash = unpack(call('HMGET', K .. 'key:' .. id, 'name', 'hash'))
if not name then return 0 end
call('DEL', K .. 'key:' .. id)
call('HDEL', K .. 'keynames', name)
call('HDEL', K .. 'keyhashes', hash)
call('ZREM', K .. 'keys', id)
return 1
