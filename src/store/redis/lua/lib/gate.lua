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

-- The seqs of a job's open runs: first those that wait for their turn, so that none of them is admitted by the end of
-- the others.
local function open_seqs(job)
  if job.single then
    local first = read_run(job.seq)
    return first and openness(first) and { job.seq } or {}
  end
  return call('ZRANGE', open_key(job.id), '+inf', '-inf', 'BYSCORE', 'REV')
end

-- What the job's policy says: 'admit', 'wait', 'replace', or 'skip' and its reason.
local function admit(policy, live, waiting)
  if policy == 'allow' or (live == 0 and waiting == 0) then return 'admit' end
  if policy == 'skip' then return 'skip', 'overlap' end
  if policy == 'replace' then return 'replace' end
  if waiting < MOST_WAITING then return 'wait' end
  return 'skip', 'overlap_full'
end

-- Makes the run if its job's policy lets it. wanted: trigger, scheduled_for, ready_at, force.
-- Returns the run, or nil and the reason.
local function pass_gate(job, wanted)
  local admission, reason = 'admit', nil
  if not wanted.force then admission, reason = admit(job.overlap, open_counts(job)) end
  if admission == 'skip' then return nil, reason end
  local run = bear_run(job, {
    status = 'pending',
    trigger = wanted.trigger,
    scheduled_for = wanted.scheduled_for,
    ready_at = wanted.ready_at,
    place = admission == 'admit' and place_at(wanted.ready_at) or 'turn',
  })
  if admission == 'replace' then
    for _, seq in ipairs(open_seqs(job)) do
      if seq ~= run.seq then
        local other = read_run(seq)
        if other.status == 'running' then flag_run(other, 'replaced') else end_pending(other, 'replaced') end
      end
    end
    -- Ending the others may have admitted it.
    run = read_run(run.seq)
  end
  return run
end
