-- The overlap gate: what becomes of a new run of a job that may have live ones. See src/domain/overlap.ts.

-- Asks the worker of a running run to end it. The first reason stays.
local function flag_run(run, reason)
  hint('c' .. run_id(run))
  if not run.cancel_reason then change_run(run, { cancel_reason = reason }) end
end

-- Ends a pending run. One that was replaced before it was ever attempted counts as skipped.
local function end_pending(run, reason)
  local event = reason == 'replaced' and run.attempt == 0 and 'skip' or 'cancel'
  move_run(run, event, { reason = reason, place = false, finished_at = NOW })
end

-- Ends open runs of a job: pending ones at once, running ones are flagged. At most `limit`, since a backlog can be of any
-- length and everybody waits meanwhile. Those that wait for their turn go first, so that none of them is admitted by the
-- end of the others; the running last. Returns whether all of them have been dealt with.
local function end_open_runs(job, reason, limit)
  local open = { job.seq }
  if not job.single then
    open = call('ZREVRANGEBYSCORE', open_key(job.id), '+inf', RUNNING, 'LIMIT', 0, limit + 1)
  end
  for i = 1, math.min(limit, #open) do
    local run = read_run(open[i])
    if not run then
      call('ZREM', open_key(job.id), open[i]) -- See `first_open`.
    elseif run.status == 'running' then
      flag_run(run, reason)
    elseif run.status == 'pending' then
      end_pending(run, reason)
    end
  end
  return #open <= limit
end

-- What the job's policy says: 'admit', 'wait', 'replace', or 'skip' and its reason.
local function admit(job)
  local policy = job.overlap
  if policy == 'allow' then return 'admit' end
  local live, waiting = open_counts(job)
  if live == 0 and waiting == 0 then return 'admit' end
  if policy == 'skip' then return 'skip', 'overlap' end
  if policy == 'replace' then return 'replace' end
  if waiting < MOST_WAITING then return 'wait' end
  return 'skip', 'overlap_full'
end

-- To be called before anything is written for a new run that may take the place of others. Returns false when those were
-- more than one call may end: some are ended now, and the whole call is to be repeated.
local function make_room(job)
  return job.overlap ~= 'replace' or end_open_runs(job, 'replaced', MOST_ITEMS)
end

-- Makes the run if its job's policy lets it. wanted: trigger, scheduled_for, ready_at, force.
-- Returns the run, or nil and the reason.
local function pass_gate(job, wanted)
  local admission, reason = 'admit', nil
  if not wanted.force then admission, reason = admit(job) end
  if admission == 'skip' then return nil, reason end
  if admission == 'replace' then end_open_runs(job, 'replaced', MOST_ITEMS) end
  local waits = admission == 'wait' or (admission == 'replace' and open_counts(job) > 0)
  return bear_run(job, {
    status = 'pending',
    trigger = wanted.trigger,
    scheduled_for = wanted.scheduled_for,
    ready_at = wanted.ready_at,
    place = waits and 'turn' or place_at(wanted.ready_at),
  })
end
