#!lua flags=allow-oom
-- Opens a session of a key.
--
-- KEYS  the prefix
-- ARGV  time; hash; the key's id; when the session expires
-- Reply 1, or 0 when there is no such key
-- Keeps a session from outliving its time, also when nobody asks for it again.
--! engine keys

if not valid_key(ARGV[3]) then return 0 end
local life = math.max(1, tonumber(ARGV[4]) - NOW)
call('SET', K .. 'session:' .. ARGV[2], ARGV[4] .. '|' .. ARGV[3], 'PX', whole(life))
return 1
