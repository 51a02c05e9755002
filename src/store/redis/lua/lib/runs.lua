-- The one place where runs are written.
--
-- Every change of a run's state or place goes through here, asks the state table of src/domain/run-state.ts whether it
-- may happen, and keeps in step what follows: the indexes, the open runs of its job, the counters, the change log, the
-- hints; and when it was the last live run of its job, the oldest that waits for its turn is admitted.

local NUMBERS = {
  number = true, scheduled_for = true, created_at = true, started_at = true, finished_at = true, priority = true,
  ready_at = true, late_at = true, attempt = true, fence = true, contact_lost_at = true, skipped_first = true,
  skipped_last = true, skipped_count = true, skipped_at_least = true, version = true,
  attempt_started_at = true, attempt_finished_at = true, output_limit = true, output_total = true, output_kept = true,
  lost_after = true, lost_retries = true, attempt_fence = true,
}

local RUNS_KEY = K .. 'runs'

-- What a run is made by that says nothing of it.
local USUAL_TRIGGER = { once = TRIGGER_CODES.submit, cron = TRIGGER_CODES.schedule }

local function run_key(seq)
  return K .. 'r:' .. seq
end

local function run_id(run)
  return run.job .. '.' .. whole(run.number)
end

-- nil when there is none.
local function read_run(seq)
  local flat = call('HGETALL', run_key(seq))
  if #flat == 0 then return nil end
  local run = { seq = seq }
  for i = 1, #flat, 2 do
    local name, value = RUN_FIELD_NAMES[flat[i]], flat[i + 1]
    if NUMBERS[name] then value = tonumber(value) end
    -- A field without a name is a newer version's, and stays as it is.
    if name then run[name] = value end
  end
  run.number = run.number or 1
  run.status = run.status and STATUS_NAMES[run.status] or 'pending'
  run.place = run.status == 'pending' and (run.place and PLACE_NAMES[run.place] or 'queue') or nil
  run.type = run.type or 'once'
  run.trigger = TRIGGER_NAMES[run.trigger or USUAL_TRIGGER[run.type]]
  run.queue = run.queue or 'default'
  run.priority = run.priority or 0
  run.attempt = run.attempt or (run.owner and 1 or 0)
  run.fence = run.fence or run.attempt
  run.version = run.version or (run.owner and 1 or nil)
  run.created_at = run.created_at or math.floor(tonumber(seq) / 1000)
  run.ready_at = run.ready_at or run.scheduled_for or run.created_at
  return run
end

-- A run that an index, or a hint, says is there; nil when its key was deleted by hand, evicted, or is something else now.
local function indexed_run(seq)
  local ok, run = pcall(read_run, seq)
  return ok and run or nil
end

-- By its id, `<job>.<number>`; nil when there is none. hint_seq: where it should lie, if that is known.
local function find_run(id, hint_seq)
  local hinted = hint_seq and hint_seq ~= '' and indexed_run(hint_seq)
  if hinted and hinted.job and run_id(hinted) == id then return hinted end
  local job, number = string.sub(id, 1, 36), string.sub(id, 38)
  local birth = call('GETRANGE', definition_key(job), 0, 17)
  if birth == '' then return nil end
  if number == '1' and string.sub(birth, 18) == 'o' then
    return read_run(string.sub(birth, 1, 16))
  end
  local seq = call('ZRANGEBYSCORE', K .. 'l:' .. job, number, number)[1]
  return seq and read_run(seq)
end

-- Where a run waits that is claimable from then on.
local function place_at(ready_at)
  return ready_at > NOW and 'delay' or 'queue'
end

-- Higher priority first, then what was ready first; the seq, as text, decides the rest. 2^42 ms reach to the year 2109.
local function queue_score(run)
  return (100 - run.priority) * 4398046511104 + run.ready_at
end

-- Of a job's open runs, the score in `o:<job>`; the order in which they are ended when all are to be, from the end. nil
-- for a run that has ended.
local ASKED_TO_END, RUNNING, PENDING, TURN = 0, 1, 2, 3

local function openness(run)
  if run.status == 'running' then return run.cancel_reason and ASKED_TO_END or RUNNING end
  if run.status ~= 'pending' then return nil end
  return run.place == 'turn' and TURN or PENDING
end

-- Names that begin alike, each put together once a script.
local function names_by(prefix)
  return setmetatable({}, {
    __index = function(known, key)
      known[key] = prefix .. key
      return known[key]
    end,
  })
end

local QUEUE_KEY = names_by(K .. 'q:')
local DELAY_KEY, FAILED_KEY, DONE_KEY, LATE_KEY = K .. 'delay', K .. 'failed', K .. 'done', K .. 'late'

-- Counters, indexes of places, hints, the change log. Before: status and place, nil for a birth.
local function tell(status_before, place_before, run)
  if status_before == run.status then
    run_changed(run.seq, run.job, run.number)
  else
    run_and_job_changed(run.seq, run.job, run.number)
    if status_before then count_state(status_before, run.queue, -1) end
    count_state(run.status, run.queue, 1)
    if status_before == 'running' then room_came(run.queue) end
    if run.status == 'failed' then index(FAILED_KEY, run.seq, run.seq) end
    if not MOVES[run.status] then count_end(run.status, run.reason) end
  end
  if place_before == run.place then return end
  if place_before == 'queue' then index(QUEUE_KEY[run.queue], run.seq, false) end
  if place_before == 'delay' then index(DELAY_KEY, run.seq, false) end
  if run.place == 'queue' then
    index(QUEUE_KEY[run.queue], run.seq, whole(queue_score(run)))
    work_came(run.queue)
  elseif run.place == 'delay' then
    index(DELAY_KEY, run.seq, whole(run.ready_at))
    hint('s')
  end
end

local STORED = { status = STATUS_CODES, place = PLACE_CODES, trigger = TRIGGER_CODES }

-- Writes fields of the run and changes them in the table too. false takes a field away.
local function save_run(run, fields)
  local set, gone = {}, {}
  for name, value in pairs(fields) do
    local field = RUN_FIELDS[name]
    if value == false then
      -- A place that is left over says nothing of a run that is not pending.
      if run[name] ~= nil and name ~= 'place' then gone[#gone + 1] = field end
      run[name] = nil
    else
      local codes = STORED[name]
      set[#set + 1] = field
      set[#set + 1] = codes and codes[value] or type(value) == 'number' and whole(value) or value
      run[name] = value
    end
  end
  if #set > 0 then call('HSET', run_key(run.seq), unpack(set)) end
  if #gone > 0 then call('HDEL', run_key(run.seq), unpack(gone)) end
end

-- Defined below; what ends a live run may admit another.
local admit_oldest

local function open_key(job_id)
  return K .. 'o:' .. job_id
end

-- The first of these open runs, from least to most open. One that somebody deleted by hand, or Redis evicted, is dropped:
-- its job would wait for its end for ever.
local function first_open(open, least, most)
  while true do
    local seq = call('ZRANGEBYSCORE', open, least, most, 'LIMIT', 0, 1)[1]
    if not seq or call('EXISTS', run_key(seq)) == 1 then return seq end
    call('ZREM', open, seq)
  end
end

local function first_live(open)
  return first_open(open, ASKED_TO_END, PENDING)
end

-- A once job has no open run any more, or has one again (seq: false).
local function note_done(job_id, job_seq, single, is_done)
  count('done', is_done and 1 or -1)
  if is_done then
    local seq = next_seq()
    if single then call('XADD', DONE_KEY, seq, 'j', job_seq) else call('XADD', DONE_KEY, seq, 'i', job_id) end
    if not single then call('HSET', job_key(job_id), JOB_FIELDS.done, seq) end
  elseif not single then
    call('HSET', job_key(job_id), JOB_FIELDS.done, '')
  end
end

-- Whether a once job has no other run than this one.
local function is_single(run)
  if run.single == nil then run.single = not call('HGET', job_key(run.job), JOB_FIELDS.last_number) end
  return run.single
end

-- Keeps the open runs of the job in step with one of them.
local function follow(was, run)
  local is = openness(run)
  if was == is then return end
  if run.type == 'once' and is_single(run) then
    -- Its only run, which is its job's open run by itself.
    if is == nil then note_done(run.job, run.seq, true, true) end
    return
  end
  local open = open_key(run.job)
  if is then
    call('ZADD', open, is, run.seq)
    return
  end
  call('ZREM', open, run.seq)
  if run.type == 'cron' then trim_soon(run.job) end
  local is_open = call('EXISTS', open) == 1
  if is_open and was ~= TURN and not first_live(open) then is_open = admit_oldest(open) end
  if not is_open and run.type == 'once' then
    note_done(run.job, call('GETRANGE', definition_key(run.job), 0, 15), false, true)
  end
end

-- Whether it may become late while it waits.
local function may_be_late(run)
  return run.late_at and run.status == 'pending' and not run.started_at
end

-- Changes what is no state: a place, a flag, a record of skipped slots.
local function change_run(run, fields)
  local status, place, was, waited = run.status, run.place, openness(run), may_be_late(run)
  save_run(run, fields)
  local waits = may_be_late(run)
  if waits ~= waited then index(LATE_KEY, run.seq, waits and whole(run.late_at)) end
  tell(status, place, run)
  follow(was, run)
end

-- event: as src/domain/run-state.ts names it. One that may not happen is a bug.
local function move_run(run, event, fields)
  local status = MOVES[run.status] and MOVES[run.status][event]
  if not status then error('a run that is ' .. run.status .. ' cannot ' .. event) end
  fields.status = status
  change_run(run, fields)
end

-- Moves it out of its turn or its delay, towards its queue; not before ready_at.
local function admit_run(run, ready_at)
  change_run(run, { place = place_at(ready_at), ready_at = ready_at })
end

-- Returns whether there was one.
admit_oldest = function(open)
  local seq = first_open(open, TURN, TURN)
  if not seq then return false end
  local run = read_run(seq)
  admit_run(run, math.max(run.ready_at, NOW))
  return true
end

-- A once job gets its second run: from now on its runs are listed, and its open ones kept.
local function unfold(job)
  if not job.single then return end
  local first = read_run(job.seq)
  call('ZADD', K .. 'l:' .. job.id, 1, job.seq)
  save_job(job, { last_number = 1, last_run = tonumber(job.seq) })
  job.single = false
  local openness_of_first = first and openness(first)
  if openness_of_first then
    call('ZADD', open_key(job.id), openness_of_first, job.seq)
    call('HSET', job_key(job.id), JOB_FIELDS.done, '')
  else
    -- Whatever `done` says of it is from before: no entry is this one.
    call('HSET', job_key(job.id), JOB_FIELDS.done, '-')
  end
end

local function put(flat, field, value)
  flat[#flat + 1] = field
  flat[#flat + 1] = value
end

-- Of a run that is born, what is not usual, as `r:<seq>` has it.
local function birth_fields(job, birth)
  local flat = { RUN_FIELDS.job, job.id }
  if birth.number ~= 1 then put(flat, RUN_FIELDS.number, whole(birth.number)) end
  if birth.status ~= 'pending' then put(flat, RUN_FIELDS.status, STATUS_CODES[birth.status]) end
  local trigger = TRIGGER_CODES[birth.trigger]
  if trigger ~= USUAL_TRIGGER[job.type] then put(flat, RUN_FIELDS.trigger, trigger) end
  if birth.place and birth.place ~= 'queue' then put(flat, RUN_FIELDS.place, PLACE_CODES[birth.place]) end
  if job.name then put(flat, RUN_FIELDS.name, job.name) end
  if job.type == 'cron' then put(flat, RUN_FIELDS.type, 'cron') end
  if job.queue ~= 'default' then put(flat, RUN_FIELDS.queue, job.queue) end
  if job.priority ~= 0 then put(flat, RUN_FIELDS.priority, whole(job.priority)) end
  if birth.created_at_untold then put(flat, RUN_FIELDS.created_at, whole(birth.created_at)) end
  if birth.ready_at ~= (birth.scheduled_for or birth.created_at) then put(flat, RUN_FIELDS.ready_at, whole(birth.ready_at)) end
  if birth.scheduled_for then put(flat, RUN_FIELDS.scheduled_for, whole(birth.scheduled_for)) end
  if birth.late_at then put(flat, RUN_FIELDS.late_at, whole(birth.late_at)) end
  if birth.status == 'skipped' then
    put(flat, RUN_FIELDS.reason, birth.reason)
    put(flat, RUN_FIELDS.finished_at, NOW_TEXT)
    put(flat, RUN_FIELDS.skipped_first, whole(birth.skipped_first))
    put(flat, RUN_FIELDS.skipped_last, whole(birth.skipped_last))
    put(flat, RUN_FIELDS.skipped_count, whole(birth.skipped_count))
    if birth.skipped_at_least then put(flat, RUN_FIELDS.skipped_at_least, '1') end
  end
  return flat
end

-- A run as it is born, written: pending, or a record of skipped slots.
local function write_birth(job, seq, birth)
  birth.seq = seq
  birth.job = job.id
  birth.type = job.type
  birth.queue = job.queue
  birth.priority = job.priority
  birth.attempt, birth.fence = 0, 0
  birth.created_at, birth.created_at_untold = created_by(seq)
  if job.late_after and birth.status == 'pending' then
    birth.late_at = (birth.scheduled_for or birth.created_at) + job.late_after * SECOND
    index(LATE_KEY, seq, whole(birth.late_at))
  end
  call('HSET', run_key(seq), unpack(birth_fields(job, birth)))
  call('XADD', RUNS_KEY, seq, 'r', '')
  tell(nil, nil, birth)
  return birth
end

-- Makes the only run of a new once job, whose seq is the job's.
local function bear_first_run(job, birth)
  birth.number = 1
  return write_birth(job, job.seq, birth)
end

-- Makes the next run of a job that is there.
local function bear_run(job, birth)
  unfold(job)
  local seq = next_seq()
  local number = job.last_number + 1
  birth.number = number
  local run = write_birth(job, seq, birth)
  call('ZADD', K .. 'l:' .. job.id, whole(number), seq)
  save_job(job, { last_number = number, last_run = tonumber(seq) })
  local is = openness(run)
  if is then
    call('ZADD', open_key(job.id), is, seq)
    if job.type == 'once' and call('ZCARD', open_key(job.id)) == 1 then note_done(job.id, job.seq, false, false) end
  elseif job.type == 'cron' then
    trim_soon(job.id)
  end
  return run
end

-- How many of the job's runs are live, and how many wait for their turn.
local function open_counts(job)
  if job.single then
    local first = read_run(job.seq)
    return first and openness(first) and 1 or 0, 0
  end
  local open = open_key(job.id)
  if call('EXISTS', open) == 0 then return 0, 0 end
  -- None waits without a live one, unless that one was deleted by hand.
  if not first_live(open) then admit_oldest(open) end
  local live = call('ZCOUNT', open, ASKED_TO_END, PENDING)
  return live, call('ZCARD', open) - live
end
