#!lua flags=allow-oom
-- Forgets workers that are gone for good and hold nothing, and counters of queues that are at 0.
--
-- KEYS  the prefix
-- ARGV  time; ms: workers that were not seen for so long go; limit
-- Reply how many workers went
-- Keeps whoever still holds a run.
--! engine

local before = '(' .. whole(NOW - tonumber(ARGV[2]))
local workers = call('ZRANGEBYSCORE', K .. 'workers', '-inf', before, 'LIMIT', 0, tonumber(ARGV[3]))
local gone = 0
for _, id in ipairs(workers) do
  if call('ZCARD', K .. 'h:' .. id) == 0 then
    call('UNLINK', K .. 'w:' .. id)
    call('ZREM', K .. 'workers', id)
    gone = gone + 1
  end
end
for field, value in pairs(to_table(call('HGETALL', K .. 'n'))) do
  if value == '0' then call('HDEL', K .. 'n', field) end
end
return gone
