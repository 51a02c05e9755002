#!lua flags=allow-oom
-- What time has brought: promotes delayed runs, flags and decides lapsed leases, goes on ending the runs of deleted
-- jobs, finds the slots that have come.
--
-- KEYS  the prefix
-- ARGV  time; limit, of each; the most that lease time can be, or '' while its caller cannot say; a shift of lease time
--       and by how much it was too large, or '' for both
-- Reply now, next at or '', 1 when any run is leased, flagged runs, lost runs, then job, version, since when
--       it has that ('' for its first) and slot of each schedule that is due; the shift of lease time; the
--       lease time that decided
-- Drops what an index knows of and is not there: see lib/claiming.lua.
-- Keeps a lease from being decided before its worker could have renewed it: see lib/leases.lua.
--! engine versions effects queues jobs totals runs leases attempts holding gate usual guard claiming ending lapsing

local limit = tonumber(ARGV[2])
note_program()
local shift = note_tick(given_number(ARGV[3]), given_number(ARGV[4]), given_number(ARGV[5]))

local cut = promote(limit)
cut = end_deleted(limit) or cut
local flagged, lost = {}, {}
if LEASE_NOW >= GRACE then
  local more
  flagged, lost, more = lapse(limit)
  cut = cut or more
end

local due = {}
local flat = call('ZRANGEBYSCORE', DUE_KEY, '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, limit + 1)
for i = 1, math.min(2 * limit, #flat), 2 do
  local id, slot = flat[i], flat[i + 1]
  local version, version_at, next_slot =
    unpack(call('HMGET', job_key(id), JOB_FIELDS.version, JOB_FIELDS.version_at, JOB_FIELDS.next_slot))
  if next_slot == slot and call('EXISTS', definition_key(id)) == 1 then
    due[#due + 1] = id
    due[#due + 1] = version or '1'
    due[#due + 1] = version_at or ''
    due[#due + 1] = slot
  else
    -- A job that is gone, or waits for another slot: firing this one would say `stale` again and again.
    index(DUE_KEY, id, false)
  end
end
cut = cut or #flat > 2 * limit
flush_indexes()

-- The first moment to come of slots, delayed runs, lapses and decisions.
local function next_at()
  if cut then return NOW end
  local first
  local function consider(at)
    if at and (not first or at < first) then first = at end
  end
  local after = '(' .. whole(NOW)
  consider(tonumber(call('ZRANGEBYSCORE', DUE_KEY, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  consider(tonumber(call('ZRANGEBYSCORE', DELAY_KEY, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  local deadline = tonumber(call('ZRANGE', LEASE_KEY, 0, 0, 'WITHSCORES')[2])
  if deadline then consider(math.max(deadline, GRACE, LEASE_NOW + 1) - LEASE_SHIFT) end
  return first
end

local at = next_at()
local leases = call('ZCARD', LEASE_KEY) > 0 and 1 or 0
commit()
return { NOW, at and whole(at) or '', leases, flagged, lost, due, shift, LEASE_NOW }
