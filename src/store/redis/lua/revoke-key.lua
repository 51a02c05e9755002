#!lua flags=allow-oom
-- Removes a key and its sessions. Whoever finds one that is left looks for its key.
--
-- KEYS  the prefix
-- ARGV  time; id
-- Reply 1, or 0 for one that is not there
--! engine

local id = ARGV[2]
local name, hash = unpack(call('HMGET', K .. 'key:' .. id, 'name', 'hash'))
if not name then return 0 end
for _, session in ipairs(call('ZRANGE', K .. 'sessions:' .. id, 0, -1)) do
  call('DEL', K .. 'session:' .. session)
end
call('DEL', K .. 'key:' .. id, K .. 'sessions:' .. id)
call('HDEL', K .. 'keynames', name)
call('HDEL', K .. 'keyhashes', hash)
call('ZREM', K .. 'keys', id)
return 1
