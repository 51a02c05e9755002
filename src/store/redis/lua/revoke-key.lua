#!lua flags=allow-oom
-- Removes a key and its sessions. Whoever finds one that is left looks for its key.
--
-- KEYS  the prefix
-- ARGV  time; id
-- Reply 'revoked', or 'not_found', or 'last_admin'
-- Keeps a valid key of role admin as long as there are others.
--! engine keys

local id = ARGV[2]
local name, hash, role = unpack(call('HMGET', K .. 'key:' .. id, 'name', 'hash', 'role'))
if not name then return 'not_found' end
if role == 'admin' then
  local others, _, admin_stays = other_keys(id)
  if others > 0 and not admin_stays then return 'last_admin' end
end
for _, session in ipairs(call('ZRANGE', K .. 'sessions:' .. id, 0, -1)) do
  call('DEL', K .. 'session:' .. session)
end
call('DEL', K .. 'key:' .. id, K .. 'sessions:' .. id)
call('HDEL', K .. 'keynames', name)
call('HDEL', K .. 'keyhashes', hash)
call('ZREM', K .. 'keys', id)
return 'revoked'
