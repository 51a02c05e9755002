#!lua
-- Turns slots that have come into runs and records of skipped slots, and sets the next slots.
--
-- KEYS  the prefix
-- ARGV  time; then for each firing: job, version, slot, next slot or '', the skipped slots' first, last, count and '1'
--       for "at least" ('' without), how many runs, and for each of these: slot, ready at
-- Reply for each firing: {'fired', skipped, numbers of runs…} | {'more'} | {'stale'} | {'early'} | {'failed', why}
-- Keeps each slot at one firing: the job must be at that version, and that slot its next.
--! engine effects queues jobs totals runs gate skipped guard

-- What most slots give: the one run of a job that has no other open. It does what the gate, `bear_run` and `change_job` do
-- with fewer commands, and steps aside for all else: then it returns nil, and nothing is written.
local function fire_usual(job, slot, ready_at, next_slot)
  if call('EXISTS', open_key(job.id)) == 1 then return nil end
  local seq, number, run_slot = next_seq(), whole(job.last_number + 1), tonumber(slot)
  -- First of all, so that a slot that fails half way is not made again and again.
  call('HSET', job_key(job.id), JOB_FIELDS.next_slot, next_slot, JOB_FIELDS.last_slot, slot,
    JOB_FIELDS.last_number, number, JOB_FIELDS.last_run, seq)
  index(DUE_KEY, job.id, next_slot)
  call('ZADD', K .. 'l:' .. job.id, number, seq)
  call('ZADD', open_key(job.id), PENDING, seq)
  write_birth(job, seq, {
    number = job.last_number + 1,
    status = 'pending',
    trigger = 'schedule',
    scheduled_for = run_slot,
    ready_at = tonumber(ready_at),
    place = place_at(tonumber(ready_at)),
  })
  return { 'fired', 0, job.last_number + 1 }
end

local function make_skipped(job, at)
  if ARGV[at + 4] == '' then return 0 end
  local slots = {
    first = tonumber(ARGV[at + 4]),
    last = tonumber(ARGV[at + 5]),
    count = tonumber(ARGV[at + 6]),
    at_least = ARGV[at + 7] == '1' or nil,
  }
  record_skipped(job, 'misfire', slots)
  return slots.count
end

local function newest_slot(job, at, run_count)
  local newest = math.max(tonumber(ARGV[at + 2]), job.last_slot or 0, tonumber(ARGV[at + 5]) or 0)
  for i = 1, run_count do newest = math.max(newest, tonumber(ARGV[at + 7 + 2 * i])) end
  return newest
end

local function fire(at, run_count)
  local job = read_living_job(ARGV[at])
  local slot, next_slot = ARGV[at + 2], ARGV[at + 3]
  if not job or job.version ~= tonumber(ARGV[at + 1]) or job.next_slot ~= tonumber(slot) then return { 'stale' } end
  if job.next_slot > NOW then return { 'early' } end
  if run_count == 1 and ARGV[at + 4] == '' and ARGV[at + 9] == slot and next_slot ~= '' then
    local usual = fire_usual(job, slot, ARGV[at + 10], next_slot)
    if usual then return usual end
  end
  if run_count > 0 and not make_room(job) then return { 'more' } end
  change_job(job, { next_slot = given_number(next_slot) or false, last_slot = newest_slot(job, at, run_count) })
  local skipped, numbers = make_skipped(job, at), {}
  for i = 1, run_count do
    local run_slot, ready_at = tonumber(ARGV[at + 7 + 2 * i]), tonumber(ARGV[at + 8 + 2 * i])
    local run, reason = pass_gate(job, { trigger = 'schedule', scheduled_for = run_slot, ready_at = ready_at })
    if run then
      numbers[#numbers + 1] = run.number
    else
      skipped = skipped + 1
      record_skipped(job, reason, { first = run_slot, last = run_slot, count = 1 })
    end
  end
  return { 'fired', skipped, unpack(numbers) }
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
