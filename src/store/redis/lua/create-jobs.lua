#!lua
-- Stores jobs, and for a once job its first run.
--
-- KEYS  the prefix
-- ARGV  time; key and fingerprint of the request, '' without; then for each job: id, facts and definition, name,
--       `runAt` of a once job or the next slot of a cron job ('' for none)
-- Reply for each job: {'created', when} | {'id'} | {'name', job} | {'key_reused'} | {'failed', why}
-- Keeps an id and a living name at one job each, whatever is sent twice. A repeat of a call is answered as the call was.
--! engine effects queues jobs runs birth requests guard

local JOBS_KEY = K .. 'jobs'

-- The same text, with the mark of its call: this call made the job itself, and its reply was lost.
local function made_before(id, text)
  local seq, by = string.match(call('GET', definition_key(id)), '^(%d+)|(.*)$')
  if by ~= text then return { 'id' } end
  return { 'created', call('HGET', job_key(id), JOB_FIELDS.created_at) or math.floor(tonumber(seq) / 1000) }
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
  local job = parse_job(id, stored)
  local created_at, untold = created_by(seq)
  if untold then call('HSET', job_key(id), JOB_FIELDS.created_at, whole(created_at)) end
  if job.type == 'once' then
    count('jobs:once', 1)
    if bear_common(job, at) then return { 'created', created_at } end
    local run_at = given_number(at)
    local ready_at = run_at or NOW
    bear_first_run(job, {
      status = 'pending',
      trigger = 'submit',
      scheduled_for = run_at,
      ready_at = ready_at,
      place = place_at(ready_at),
    })
  else
    call('ZADD', K .. 'crons', seq, id)
    local next_slot = given_number(at)
    if next_slot then call('HSET', job_key(id), JOB_FIELDS.next_slot, at) end
    job.next_slot = next_slot
    count(job_counter(job), 1)
    if next_slot then index(K .. 'due', id, next_slot) end
    changed('j', id)
    hint('s')
  end
  return { 'created', created_at }
end

local reused = ARGV[2] ~= '' and not remember_request(ARGV[2], ARGV[3])
local reply = {}
for at = 4, #ARGV, 4 do
  reply[#reply + 1] = reused and { 'key_reused' }
    or guarded(create, ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
end
commit()
return reply
