#!lua flags=allow-oom
-- Forgets the oldest entries of the audit log.
--
-- KEYS  the prefix
-- ARGV  time; ms for which they are kept; of how many things they tell at most; about how many of these to forget now
-- Reply of how many things those told that went
--! engine

local kept_for, most, limit = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local before = NOW_US - kept_for * 1000
local old = call('ZCOUNT', K .. 'audit', '-inf', '(' .. whole(before))
local things = call('ZCARD', K .. 'audit') + tonumber(call('HGET', K .. 'n', 'audited_more') or 0)
local look = math.min(limit, math.max(old, things - most))
if look <= 0 then return 0 end

local oldest = call('ZRANGE', K .. 'audit', 0, look - 1)
local entries, gone = 0, 0
for i, entry in ipairs(oldest) do
  if gone >= limit or (i > old and things - gone <= most) then break end
  entries = i
  gone = gone + math.max(1, #(cjson.decode(entry).targets or {}))
end
call('ZREMRANGEBYRANK', K .. 'audit', 0, entries - 1)
if gone > entries then call('HINCRBY', K .. 'n', 'audited_more', entries - gone) end
return gone
