#!lua flags=allow-oom
-- Opens a session of a key.
--
-- KEYS  the prefix
-- ARGV  time; hash; the key's id; when the session expires; how many sessions a key has at most
-- Reply 1, or 0 when there is no such key
-- Keeps a session from outliving its time, also when nobody asks for it again, and a key from having more than so many:
-- those that end first go.
--! engine keys

local hash, id, expires_at, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not valid_key(id) then return 0 end
local life = whole(math.max(1, tonumber(expires_at) - NOW))
local all = K .. 'sessions:' .. id
if not call('ZSCORE', all, hash) then
  for _ = most, call('ZCARD', all) do
    call('DEL', K .. 'session:' .. call('ZPOPMIN', all)[1])
  end
end
call('SET', K .. 'session:' .. hash, expires_at .. '|' .. id, 'PX', life)
call('ZADD', all, expires_at, hash)
call('PEXPIRE', all, life, 'NX')
call('PEXPIRE', all, life, 'GT')
return 1
