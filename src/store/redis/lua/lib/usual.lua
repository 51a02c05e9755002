-- The usual life of a run, written out: its first claim, and its end by its first worker when that has no output left to
-- keep. It does what `begin_attempt` and `end_attempt` do, with fewer commands, and steps aside for all else: then it
-- answers nil or false, and nothing is written.
--
-- It works on the fields as Redis has them, by their short names: making a `run` of them costs more than the rest.

local LEASE_END = nil

-- Whether anything happened to the run beyond its birth, or its first claim.
local function is_usual(run)
  return not (run[RUN_FIELDS.fence] or run[RUN_FIELDS.attempt] or run[RUN_FIELDS.cancel_reason]
    or run[RUN_FIELDS.contact_lost_at])
end

-- Returns the claimed run, as `claimed` does.
local function begin_usual(seq, queue, request)
  local key = run_key(seq)
  local run = to_table(call('HGETALL', key))
  local id = run[RUN_FIELDS.job]
  if not id or run[RUN_FIELDS.owner] or run[RUN_FIELDS.status] or run[RUN_FIELDS.late_at] or not is_usual(run) then
    return nil
  end
  local text = call('GET', definition_key(id))
  if not text then return nil end
  local version, deleted, listed =
    unpack(call('HMGET', job_key(id), JOB_FIELDS.version, JOB_FIELDS.deleted_at, JOB_FIELDS.last_number))
  local job = parse_job(id, text)
  if version or deleted or job.output_limit or job.lost_after or job.lost_retries then return nil end
  call('HSET', key, RUN_FIELDS.status, STATUS_CODES.running, RUN_FIELDS.owner, request.owner,
    RUN_FIELDS.worker, request.worker, RUN_FIELDS.started_at, NOW_TEXT)
  LEASE_END = LEASE_END or whole(LEASE_NOW + LEASE)
  index(QUEUE_KEY[queue], seq, false)
  index(LEASE_KEY, seq, LEASE_END)
  index(HELD_KEY[request.owner], seq, request.number_text)
  count_state('pending', queue, -1)
  count_state('running', queue, 1)
  count_start(tonumber(run[RUN_FIELDS.scheduled_for]))
  local number = run[RUN_FIELDS.number] or '1'
  tell_change('b' .. id .. '.' .. number, 2)
  -- A once job with one run keeps no list of its open runs.
  if listed or run[RUN_FIELDS.type] then call('ZADD', open_key(id), RUNNING, seq) end
  local trigger = TRIGGER_NAMES[run[RUN_FIELDS.trigger] or USUAL_TRIGGER[run[RUN_FIELDS.type] or 'once']]
  return seq .. '|' .. id .. '|' .. number .. '|1|1|' .. trigger .. '|'
    .. (run[RUN_FIELDS.scheduled_for] or '') .. '|1||' .. (run[RUN_FIELDS.name] or '') .. '|' .. job.json
end

-- An attempt that succeeded and has no output left to keep. Returns whether it was one.
local function end_usual(owner, id, seq, duration_ms, finished_at)
  local key = run_key(seq)
  local run = to_table(call('HGETALL', key))
  local job, number, queue = run[RUN_FIELDS.job], run[RUN_FIELDS.number] or '1', run[RUN_FIELDS.queue] or 'default'
  if not job or job .. '.' .. number ~= id or run[RUN_FIELDS.status] ~= STATUS_CODES.running
    or run[RUN_FIELDS.owner] ~= owner or run[RUN_FIELDS.output_total] or not is_usual(run) then return false end
  call('HSET', key, RUN_FIELDS.status, STATUS_CODES.succeeded, RUN_FIELDS.finished_at, whole(finished_at),
    RUN_FIELDS.duration_ms, duration_ms)
  count_state('running', queue, -1)
  count_state('succeeded', queue, 1)
  count_end('succeeded')
  count_duration(duration_ms)
  room_came(queue)
  tell_change('b' .. id, 2)
  follow(RUNNING, { seq = seq, job = job, type = run[RUN_FIELDS.type] or 'once', status = 'succeeded' })
  -- After all else: see `let_go`.
  index(LEASE_KEY, seq, false)
  index(HELD_KEY[owner], seq, false)
  return true
end
