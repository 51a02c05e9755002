#!lua flags=allow-oom
-- Removes a key and its sessions. Whoever finds one that is left looks for its key.
--
-- KEYS  the prefix
-- ARGV  time; id; the mark of the call
-- Reply 'revoked', or 'not_found', or 'last_admin'
-- Keeps a valid key of role admin as long as there are others.
--! engine keys

local _, id, mark = unpack(ARGV)
local revoked = K .. 'revoked:' .. id
local name, hash, role = unpack(call('HMGET', K .. 'key:' .. id, 'name', 'hash', 'role'))
-- A repeat of the call that revoked it: its reply was lost.
if not name then return call('GET', revoked) == mark and 'revoked' or 'not_found' end
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
call('SET', revoked, mark, 'PX', 60 * SECOND)
return 'revoked'
