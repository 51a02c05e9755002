#!lua flags=allow-oom
-- Forgets the oldest entries of the audit log.
--
-- KEYS  the prefix
-- ARGV  time; ms for which they are kept; how many are kept; limit
-- Reply how many went
--! engine

local kept_for, most, limit = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local old = call('ZCOUNT', K .. 'audit', '-inf', '(' .. whole(NOW_US - kept_for * 1000))
local surplus = call('ZCARD', K .. 'audit') - most
local go = math.min(limit, math.max(old, surplus))
if go <= 0 then return 0 end
return call('ZREMRANGEBYRANK', K .. 'audit', 0, go - 1)
