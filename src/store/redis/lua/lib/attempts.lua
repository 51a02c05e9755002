-- Attempts: the newest lies in its run's hash, earlier ones in `a:<seq>`.

local ARCHIVED = '^' .. string.rep('([^|]*)|', #ATTEMPT_FIELDS - 1) .. '(.*)$'

local LEASE_KEY = K .. 'lease'
local HELD_KEY = names_by(K .. 'h:')

local function attempts_key(seq)
  return K .. 'a:' .. seq
end

-- fields: of ATTEMPT_FIELDS; what is nil or false is empty.
local function put_archived(seq, number, fields)
  local parts = {}
  for i, name in ipairs(ATTEMPT_FIELDS) do
    local value = fields[name] or ''
    parts[i] = type(value) == 'number' and whole(value) or value
  end
  call('HSET', attempts_key(seq), whole(number), table.concat(parts, '|'))
end

-- Where it lies how many processes an earlier attempt left running; nowhere when it left none.
local function left_field(number)
  return 'l' .. whole(number)
end

-- Puts the newest attempt, which has ended, among the earlier ones: another begins.
local function archive_attempt(run)
  run.attempt_fence = run.attempt_fence or run.fence
  run.attempt_started_at = run.attempt_started_at or run.started_at
  put_archived(run.seq, run.attempt, run)
  if run.left_running then call('HSET', attempts_key(run.seq), left_field(run.attempt), run.left_running) end
end

-- The fields that make the archived attempt the newest one again.
local function unarchived(seq, number)
  local key, fields = attempts_key(seq), {}
  local parts = { string.match(call('HGET', key, whole(number)) or '', ARCHIVED) }
  for i, name in ipairs(ATTEMPT_FIELDS) do fields[name] = given(parts[i]) or false end
  call('HDEL', key, whole(number))
  return fields
end

-- The archived attempt is the newest one again.
local function newest_again(seq, number)
  local fields = unarchived(seq, number)
  fields.left_running = call('HGET', attempts_key(seq), left_field(number))
  if fields.left_running then call('HDEL', attempts_key(seq), left_field(number)) end
  return fields
end

local function no_attempt()
  local fields = { left_running = false }
  for _, name in ipairs(ATTEMPT_FIELDS) do fields[name] = false end
  return fields
end

-- A new attempt of a pending run, by the job's current version. event: 'claim' or 'adopt'.
local function begin_attempt(run, job, event, held)
  if run.attempt > 0 then archive_attempt(run) end
  run.single = job.single
  local fields = run.attempt > 0 and no_attempt() or {}
  fields.place = false
  -- What is usual of a first attempt is not written.
  if run.attempt > 0 then fields.attempt = run.attempt + 1 else run.attempt = 1 end
  if held.fence ~= run.attempt or run.fence > 0 then fields.fence = held.fence else run.fence = held.fence end
  fields.owner = held.owner
  fields.worker = held.worker
  if job.version ~= 1 then fields.version = job.version else run.version = 1 end
  -- false for what is usual: an attempt or a claim before may have been of another version, and have left its own.
  fields.output_limit = job.output_limit or false
  fields.lost_after = job.lost_after or false
  fields.lost_retries = job.lost_retries or false
  if run.started_at then
    fields.attempt_started_at = NOW
  else
    fields.started_at = NOW
    count_start(run.scheduled_for, run.late_at)
  end
  -- Before it says that it is running: see `let_go`.
  index(LEASE_KEY, run.seq, whole(LEASE_NOW + LEASE))
  index(HELD_KEY[held.owner], run.seq, held.claim or 0)
  move_run(run, event, fields)
end

-- After all else: what fails half way is still held, so that it is told again, or lapses and is decided. A run that says
-- that it is running and that nobody holds would stay so for ever. owner: where the run does not say it any more.
local function let_go(run, owner)
  index(LEASE_KEY, run.seq, false)
  index(HELD_KEY[owner or run.owner], run.seq, false)
end

-- A flagged run never goes back to pending, and ends as cancelled unless it succeeded all the same.
local function event_of(run, ending)
  if ending.status == 'succeeded' then return 'succeed' end
  if ending.status == 'cancelled' or run.cancel_reason then return 'cancel' end
  return ending.retry_at and 'retry' or 'fail'
end

-- ending: status, reason, detail, outcome (JSON, nil for succeeded), retry_at, duration_ms, left_running (nil for none),
-- finished_at, decided.
local function end_attempt(run, ending)
  local event = event_of(run, ending)
  local fields = {
    contact_lost_at = false,
    duration_ms = ending.duration_ms or false,
    left_running = ending.left_running or false,
    outcome = ending.outcome or false,
    decided = ending.decided and '1' or false,
  }
  if (run.output_kept or run.output_total or 0) > 0 then
    fields.output_entry = next_seq()
    call('XADD', K .. 'outputs', fields.output_entry, 'a', run.seq .. ':' .. whole(run.attempt))
  end
  count_duration(ending.duration_ms)
  if event == 'retry' then
    count('retried:' .. ending.reason, 1)
    fields.ready_at = math.max(ending.retry_at, NOW)
    fields.place = place_at(fields.ready_at)
    fields.attempt_finished_at = ending.finished_at
  else
    fields.finished_at = ending.finished_at
    if event == 'cancel' then
      fields.reason = run.cancel_reason or 'requested'
      fields.detail = ending.detail or false
    elseif event == 'fail' then
      fields.reason = ending.reason
      fields.detail = ending.detail or false
    end
  end
  move_run(run, event, fields)
  let_go(run)
end

-- The attempt does not count, and the run keeps its place in the order of its queue.
local function give_back(run)
  local owner = run.owner
  call('HSET', attempts_key(run.seq), 'r' .. whole(run.fence), run.owner)
  local attempt = run.attempt - 1
  local fields = attempt > 0 and newest_again(run.seq, attempt) or no_attempt()
  fields.attempt = attempt > 0 and attempt or false
  fields.fence = run.fence
  fields.contact_lost_at = false
  if attempt == 0 then fields.started_at = false end
  if run.cancel_reason then
    fields.reason = run.cancel_reason
    fields.finished_at = NOW
    move_run(run, 'cancel', fields)
  else
    -- It was claimable, and is so again also when the clock has stepped back since.
    fields.place = 'queue'
    move_run(run, 'release', fields)
  end
  let_go(run, owner)
end

-- For what is not held: whether its owner had ended or released it itself ('duplicate'), or not ('lost').
local function ended_before(run, owner, fence)
  if not run then return 'lost' end
  if run.status ~= 'running' and run.attempt > 0 and run.owner == owner and not run.decided
    and (run.attempt_fence or run.fence) == fence then
    return 'duplicate'
  end
  local flat = call('HGETALL', attempts_key(run.seq))
  for i = 1, #flat, 2 do
    if flat[i] == 'r' .. whole(fence) and flat[i + 1] == owner then return 'duplicate' end
    local _, at, by, _, _, _, _, decided = string.match(flat[i + 1], ARCHIVED)
    if tonumber(at) == fence and by == owner and decided == '' then return 'duplicate' end
  end
  return 'lost'
end
