#!lua flags=allow-oom
-- Keeps what the totals were at a moment, for charts. See store/samples.ts.
--
-- KEYS  the prefix
-- ARGV  time; the moment; its numbers; then for each step: ms between two, ms for which they are kept
-- Reply how many steps it was the first of
-- Keeps one sample for each step, and none that is too old.
--! engine

local at, numbers, kept = tonumber(ARGV[2]), ARGV[3], 0
for i = 4, #ARGV, 2 do
  local step, kept_for = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local key = K .. 'samples:' .. ARGV[i]
  local from = at - at % step
  if call('ZCOUNT', key, whole(from), '(' .. whole(from + step)) == 0 then
    call('ZADD', key, whole(at), numbers)
    kept = kept + 1
  end
  call('ZREMRANGEBYSCORE', key, '-inf', '(' .. whole(NOW - kept_for))
end
return kept
