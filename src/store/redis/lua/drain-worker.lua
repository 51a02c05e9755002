#!lua flags=allow-oom
-- Asks a worker to claim no more.
--
-- KEYS  the prefix
-- ARGV  time; owner
-- Reply 'asked' | 'not_found'
-- Keeps what it runs from being touched. Its next heartbeat answers with it.
--! engine effects

local key = K .. 'w:' .. ARGV[2]
local state, drain = unpack(call('HMGET', key, 'state', 'drain'))
if not state or state == 'stopped' then return 'not_found' end
if not drain then
  call('HSET', key, 'drain', '1')
  changed('w', ARGV[2])
end
hint('d' .. ARGV[2])
commit()
return 'asked'
