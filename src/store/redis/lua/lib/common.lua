-- The common case, written out: the only run of a once job, which nobody touched, claimed for the first time and ended
-- well. It does what `begin_attempt` and `end_attempt` do, in a third of their time, and steps aside for all else: then
-- it returns nil, and nothing is written.

local ONLY_A_JOB = 2

-- Returns the claimed run, as `claimed` does.
local function begin_common(seq, request)
  local flat = call('HGETALL', run_key(seq))
  if #flat ~= ONLY_A_JOB then return nil end
  local id = flat[2]
  local text = call('GET', definition_key(id))
  if call('EXISTS', job_key(id)) == 1 then return nil end
  local job = parse_job(id, text)
  if job.output_limit or job.lost_after or job.lost_retries then return nil end
  call('HSET', run_key(seq), RUN_FIELDS.status, STATUS_CODES.running, RUN_FIELDS.owner, request.owner,
    RUN_FIELDS.worker, request.worker, RUN_FIELDS.started_at, NOW)
  index(QUEUE_KEY.default, seq, false)
  index(LEASE_KEY, seq, LEASE_NOW + LEASE)
  index(HELD_KEY[request.owner], seq, request.number)
  count_state('pending', 'default', -1)
  count_state('running', 'default', 1)
  run_and_job_changed(seq, id, 1)
  return id .. '|1|1|1|submit||1|||' .. job.json
end

-- Returns 'ok'. duration_ms is as it came.
local function end_common(owner, id, fence, duration_ms, finished_at)
  if fence ~= '1' or string.sub(id, 37) ~= '.1' then return nil end
  local job_id = string.sub(id, 1, 36)
  local birth = call('GETRANGE', definition_key(job_id), 0, 17)
  if string.sub(birth, 18) ~= 'o' then return nil end
  local seq = string.sub(birth, 1, 16)
  local status, by, raised, attempt, lost, queue, wrote = unpack(call('HMGET', run_key(seq), RUN_FIELDS.status,
    RUN_FIELDS.owner, RUN_FIELDS.fence, RUN_FIELDS.attempt, RUN_FIELDS.contact_lost_at, RUN_FIELDS.queue,
    RUN_FIELDS.output_total))
  if status ~= STATUS_CODES.running or by ~= owner or raised or attempt or lost or wrote then return nil end
  if call('HGET', job_key(job_id), JOB_FIELDS.last_number) then return nil end
  queue = queue or 'default'
  call('HSET', run_key(seq), RUN_FIELDS.status, STATUS_CODES.succeeded, RUN_FIELDS.finished_at, finished_at,
    RUN_FIELDS.duration_ms, duration_ms)
  index(LEASE_KEY, seq, false)
  index(HELD_KEY[owner], seq, false)
  count_state('running', queue, -1)
  count_state('succeeded', queue, 1)
  room_came(queue)
  run_and_job_changed(seq, job_id, 1)
  note_done(job_id, seq, true, true)
  return 'ok'
end
