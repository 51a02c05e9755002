-- Jobs, as scripts know them.
--
-- `d:<job>` is `<seq>|<facts>|<mark><definition>`: facts are what scripts have to know of a definition, so that none of
-- them reads JSON and no policy is thought out twice (jobs/facts.ts makes them). `j:<job>` is what has changed since the job
-- was made; a once job that was never touched has none.

local FACTS = '^(.)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|$'

-- The parts of `d:<job>`: no fact has a brace, and every definition begins with one.
local STORED = '^(%d+)|([^{]*|)%d*(.*)$'

local DUE_KEY = K .. 'due'

local function job_key(id)
  return K .. 'j:' .. id
end

local function definition_key(id)
  return K .. 'd:' .. id
end

-- Facts that were read before: most jobs share them with many others.
local facts_known = {}

local function parse_facts(text)
  local kind, name, queue, priority, overlap, late_after, lost_after, lost_retries, output_limit =
    string.match(text, FACTS)
  local facts = {
    type = kind == 'c' and 'cron' or 'once',
    name = given(name),
    queue = given(queue) or 'default',
    priority = given_number(priority) or 0,
    overlap = given(overlap) or 'skip',
    late_after = given_number(late_after),
    lost_after = given(lost_after),
    lost_retries = given(lost_retries),
    output_limit = given(output_limit),
  }
  facts_known[text] = { __index = facts }
  return facts_known[text]
end

-- What `d:<job>` says: facts, and id, seq and definition as `json`.
local function parse_job(id, text)
  local seq, facts, json = string.match(text, STORED)
  return setmetatable({ id = id, seq = seq, json = json }, facts_known[facts] or parse_facts(facts))
end

-- nil for an unknown id. Deleted jobs are found: see `deleted_at`.
local function read_job(id)
  local text = call('GET', definition_key(id))
  if not text then return nil end
  local job = parse_job(id, text)
  local state = call('HGETALL', job_key(id))
  for i = 1, #state, 2 do
    local field = JOB_FIELD_NAMES[state[i]]
    -- A field without a name is a newer version's, and stays as it is.
    if field then job[field] = field == 'done' and state[i + 1] or tonumber(state[i + 1]) end
  end
  -- A once job with one run, whose seq is its own, keeps nothing of it here.
  job.single = job.type == 'once' and not job.last_number
  if job.single then
    job.last_number = 1
    job.last_run = tonumber(job.seq)
  end
  job.version = job.version or 1
  job.last_number = job.last_number or 0
  return job
end

-- One that people can still find.
local function read_living_job(id)
  local job = read_job(id)
  return job and not job.deleted_at and job or nil
end

-- fields: long names; false takes a field away.
local function save_job(job, fields)
  local set, gone = {}, {}
  for name, value in pairs(fields) do
    job[name] = value or nil
    if value == false then
      gone[#gone + 1] = JOB_FIELDS[name]
    else
      set[#set + 1] = JOB_FIELDS[name]
      set[#set + 1] = type(value) == 'number' and whole(value) or value
    end
  end
  if #gone > 0 then call('HDEL', job_key(job.id), unpack(gone)) end
  if #set > 0 then call('HSET', job_key(job.id), unpack(set)) end
end

-- Which counter of jobs it is in.
local function job_counter(job)
  if job.type == 'once' then return 'jobs:once' end
  if job.paused then return 'jobs:paused' end
  return job.next_slot and 'jobs:scheduled' or 'jobs:finished'
end

-- The one place where what people and schedulers decide of a job is written. Keeps counters and `due` in step.
local function change_job(job, fields)
  if not job.deleted_at then count(job_counter(job), -1) end
  save_job(job, fields)
  if not job.deleted_at then count(job_counter(job), 1) end
  if job.type == 'cron' then index(DUE_KEY, job.id, job.next_slot and whole(job.next_slot) or false) end
  changed('j', job.id)
end

-- Retention looks at a cron job's runs when one ended or its policy changed, and at any job's when it was deleted.
local function trim_soon(job_id)
  index(K .. 'trim', job_id, NOW_TEXT)
end
