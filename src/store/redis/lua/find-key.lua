#!lua flags=no-writes,allow-oom
-- Whose key, or session, has that hash.
--
-- KEYS  the prefix
-- ARGV  time; 'key' | 'session'; hash
-- Reply { the key's id, its fields, when the session expires } or {}
-- Writes nothing.
--! engine keys

local id, session_ends
if ARGV[2] == 'key' then
  id = call('HGET', K .. 'keyhashes', ARGV[3])
else
  session_ends, id = string.match(call('GET', K .. 'session:' .. ARGV[3]) or '', '^(%d+)|(.*)$')
  if session_ends and tonumber(session_ends) <= NOW then return {} end
end
local fields = id and valid_key(id)
if not fields then return {} end
return { id, fields, session_ends or '' }
