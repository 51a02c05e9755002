#!lua
-- Stores jobs, and for a once job its first run.
--
-- KEYS  the prefix
-- ARGV  time; key and fingerprint of the request, '' without; then for each job: id, facts and definition, name,
--       `runAt` of a once job or the next slot of a cron job ('' for none)
-- Reply for each job: when it was created | {'id'} | {'name', job} | {'key_reused'} | {'failed', why}
-- Keeps an id and a living name at one job each, whatever is sent twice. A repeat of a call is answered as the call was.
--! engine effects queues jobs totals runs requests guard

local JOBS_KEY = K .. 'jobs'

-- The same text, with the mark of its call: this call made the job itself, and its reply was lost.
local function made_before(id, text)
  local seq, by = string.match(call('GET', definition_key(id)), '^(%d+)|(.*)$')
  if by ~= text then return { 'id' } end
  return tonumber(call('HGET', job_key(id), JOB_FIELDS.created_at)) or math.floor(tonumber(seq) / 1000)
end

-- A once job of no name, in the usual queue with the usual priority, that overlaps as usual and is never late, to be
-- claimed at once: its facts begin like this.
local USUAL = 'o||||||'
local USUAL_SCORE = whole(queue_score({ priority = 0, ready_at = NOW }))

-- What `bear_first_run` does, written out for such a job.
local function bear_usual(id, seq, created_at)
  call('HSET', run_key(seq), RUN_FIELDS.job, id)
  if created_at ~= NOW then call('HSET', run_key(seq), RUN_FIELDS.ready_at, NOW_TEXT) end
  call('XADD', RUNS_KEY, seq, 'r', '')
  index(QUEUE_KEY.default, seq, USUAL_SCORE)
  count_state('pending', 'default', 1)
  work_came('default')
  tell_change('b' .. id .. '.1', 2)
end

local function bear_once(job, at)
  local run_at = given_number(at)
  local ready_at = run_at or NOW
  bear_first_run(job, {
    status = 'pending',
    trigger = 'submit',
    scheduled_for = run_at,
    ready_at = ready_at,
    place = place_at(ready_at),
  })
end

local function schedule(job, at)
  call('ZADD', K .. 'crons', job.seq, job.id)
  if at ~= '' then
    call('HSET', job_key(job.id), JOB_FIELDS.next_slot, at)
    index(DUE_KEY, job.id, at)
  end
  job.next_slot = given_number(at)
  count(job_counter(job), 1)
  changed('j', job.id)
  hint('s')
end

local function create(id, text, name, at)
  -- The id is asked for before the name: a repeat is told from a clash.
  local other = name ~= '' and call('HGET', K .. 'names', name)
  if other and call('EXISTS', definition_key(id)) == 0 then return { 'name', other } end
  local seq = next_seq()
  local stored = seq .. '|' .. text
  if not call('SET', definition_key(id), stored, 'NX') then return made_before(id, text) end
  if name ~= '' then call('HSET', K .. 'names', name, id) end
  call('XADD', JOBS_KEY, seq, 'j', id)
  call('SADD', K .. 'p:' .. string.sub(id, 1, 3), seq)
  local created_at, untold = created_by(seq)
  if untold then call('HSET', job_key(id), JOB_FIELDS.created_at, whole(created_at)) end
  if string.sub(text, 1, 1) == 'c' then
    schedule(parse_job(id, stored), at)
  else
    count('jobs:once', 1)
    if at == '' and not untold and string.sub(text, 1, #USUAL) == USUAL then
      bear_usual(id, seq, created_at)
    else
      bear_once(parse_job(id, stored), at)
    end
  end
  return created_at
end

local reused = ARGV[2] ~= '' and not remember_request(ARGV[2], ARGV[3])
local reply = {}
for at = 4, #ARGV, 4 do
  reply[#reply + 1] = reused and { 'key_reused' }
    or guarded(create, ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
end
commit()
return reply
