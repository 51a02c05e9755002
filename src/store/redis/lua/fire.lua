#!lua
-- Turns slots that have come into runs and records of skipped slots, and sets the next slots.
--
-- KEYS  the prefix
-- ARGV  time; then for each firing: job, version, slot, next slot or '', the skipped slots' first, last, count and '1'
--       for "at least" ('' without), how many runs, and for each of these: slot, ready at
-- Reply for each firing: {'fired', skipped, runs…} | {'more'} | {'stale'} | {'early'} | {'failed', why}
-- Keeps each slot at one firing: the job must be at that version, and that slot its next.
--! engine effects queues jobs runs gate skipped guard

local function fire(at, run_count)
  local job = read_living_job(ARGV[at])
  local slot = tonumber(ARGV[at + 2])
  if not job or job.version ~= tonumber(ARGV[at + 1]) or job.next_slot ~= slot then return { 'stale' } end
  if slot > NOW then return { 'early' } end
  if run_count > 0 and not make_room(job) then return { 'more' } end
  local newest, skipped, ids = math.max(slot, job.last_slot or slot), 0, {}
  if ARGV[at + 4] ~= '' then
    local slots = {
      first = tonumber(ARGV[at + 4]),
      last = tonumber(ARGV[at + 5]),
      count = tonumber(ARGV[at + 6]),
      at_least = ARGV[at + 7] == '1' or nil,
    }
    record_skipped(job, 'misfire', slots)
    skipped, newest = slots.count, math.max(newest, slots.last)
  end
  for i = 0, run_count - 1 do
    local run_slot, ready_at = tonumber(ARGV[at + 9 + 2 * i]), tonumber(ARGV[at + 10 + 2 * i])
    newest = math.max(newest, run_slot)
    local wanted = { trigger = 'schedule', scheduled_for = run_slot, ready_at = ready_at }
    local run, reason = pass_gate(job, wanted)
    if run then
      ids[#ids + 1] = run_id(run)
    else
      skipped = skipped + 1
      record_skipped(job, reason, { first = run_slot, last = run_slot, count = 1 })
    end
  end
  change_job(job, { next_slot = given_number(ARGV[at + 3]) or false, last_slot = newest })
  return { 'fired', skipped, unpack(ids) }
end

local reply = {}
local at = 2
while at <= #ARGV do
  local from, run_count = at, tonumber(ARGV[at + 8])
  reply[#reply + 1] = guarded(fire, from, run_count)
  at = at + 9 + 2 * run_count
end
commit()
return reply
