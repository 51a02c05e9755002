#!lua flags=allow-oom
-- What time has brought: promotes delayed runs, flags and decides lapsed leases, goes on ending the runs of deleted
-- jobs, finds the slots that have come.
--
-- KEYS  the prefix
-- ARGV  time; limit, of each
-- Reply now, next at or '', 1 when any run is leased, flagged runs, lost runs, then job, version and slot of each
--       schedule that is due
-- Keeps a lease from being decided before its worker could have renewed it: see lib/leases.lua.
--! engine effects queues jobs runs leases attempts holding gate usual claiming ending

local limit = tonumber(ARGV[2])
note_contact()

local flagged, lost = {}, {}
local function lapse(seq)
  local run = read_run(seq)
  local decided = run.contact_lost_at ~= nil
  if not decided then
    flagged[#flagged + 1] = run_id(run)
    local lost_after = (run.lost_after or LOST_AFTER) * SECOND
    change_run(run, { contact_lost_at = NOW })
    index(K .. 'lease', seq, LEASE_NOW + lost_after)
    decided = lost_after == 0
  end
  if decided then
    lost[#lost + 1] = run_id(run)
    give_up(run, 'its worker was out of contact')
  end
end

local cut = promote(limit)
local ending = end_deleted(limit)
cut = cut or ending
if LEASE_NOW >= GRACE then
  local past = call('ZRANGEBYSCORE', K .. 'lease', '-inf', LEASE_NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #past) do lapse(past[i]) end
  cut = cut or #past > limit
end
flush_indexes()

local due = {}
local flat = call('ZRANGEBYSCORE', DUE_KEY, '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, limit + 1)
for i = 1, math.min(2 * limit, #flat), 2 do
  local version = call('HGET', job_key(flat[i]), JOB_FIELDS.version)
  due[#due + 1] = flat[i]
  due[#due + 1] = version or '1'
  due[#due + 1] = flat[i + 1]
end
cut = cut or #flat > 2 * limit

-- The first moment to come of slots, delayed runs, lapses and decisions.
local function next_at()
  if cut then return NOW end
  local first
  local function consider(at)
    if at and (not first or at < first) then first = at end
  end
  local after = '(' .. whole(NOW)
  consider(tonumber(call('ZRANGEBYSCORE', DUE_KEY, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  consider(tonumber(call('ZRANGEBYSCORE', K .. 'delay', after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  local deadline = tonumber(call('ZRANGE', K .. 'lease', 0, 0, 'WITHSCORES')[2])
  if deadline then consider(math.max(deadline, GRACE, LEASE_NOW + 1) - LEASE_SHIFT) end
  return first
end

local at = next_at()
local leases = call('ZCARD', K .. 'lease') > 0 and 1 or 0
commit()
return { NOW, at and whole(at) or '', leases, flagged, lost, due }
