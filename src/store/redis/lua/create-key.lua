#!lua flags=allow-oom
-- Makes a key.
--
-- KEYS  the prefix
-- ARGV  time; id; name; role; hash; when it expires, or ''
-- Reply { 'created' | 'existing', its fields } or 'name_taken' or 'admin_first'
-- Keeps names and hashes unique, and the first key an admin's.
--! engine keys

local id, name, role, hash, expires_at = ARGV[2], ARGV[3], ARGV[4], ARGV[5], given(ARGV[6])
local key = K .. 'key:' .. id
if call('EXISTS', key) == 1 then return { 'existing', call('HGETALL', key) } end
if call('HEXISTS', K .. 'keynames', name) == 1 then return 'name_taken' end
if role ~= 'admin' then
  local _, admin = other_keys()
  if not admin then return 'admin_first' end
end
local seq = next_seq()
call('HSET', key, 'name', name, 'role', role, 'hash', hash, 'created_at', NOW_TEXT)
if expires_at then call('HSET', key, 'expires_at', expires_at) end
call('HSET', K .. 'keynames', name, id)
call('HSET', K .. 'keyhashes', hash, id)
call('ZADD', K .. 'keys', seq, id)
save_seq()
return { 'created', call('HGETALL', key) }
