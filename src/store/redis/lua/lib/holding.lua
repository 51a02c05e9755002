-- Whether an owner still holds what it shows.

-- The run if it is running and both owner and fence match, also when its lease has lapsed; and the run in any case.
-- seq: where it lies, as its claim told, if its owner knows; else ''.
local function held_run(owner, id, fence, seq)
  local run = find_run(id, seq)
  local held = run and run.status == 'running' and run.owner == owner and run.fence == fence
  return held and run or nil, run
end

-- The same, and a run that is pending with a lower fence than the owner's is taken up again: only a failover that forgot
-- the claim makes that.
local function held_or_adopted_run(owner, id, fence, seq)
  local held, run = held_run(owner, id, fence, seq)
  if held or not run or run.status ~= 'pending' or run.fence >= fence then return held, run end
  local job = read_job(run.job)
  if not job then return nil, run end
  local worker = call('HGET', K .. 'w:' .. owner, 'name') or owner
  begin_attempt(run, job, 'adopt', { owner = owner, worker = worker, fence = fence })
  return run, run
end

-- A whole lease from now on, and contact with its worker.
local function renew_lease(run)
  index(LEASE_KEY, run.seq, whole(LEASE_NOW + LEASE))
  if run.contact_lost_at then change_run(run, { contact_lost_at = false }) end
end

-- What an owner that is out of contact, or dead, held.
local function give_up(run, detail)
  end_attempt(run, {
    status = 'failed',
    reason = 'lost',
    detail = detail,
    outcome = '{"status":"failed","reason":"lost","detail":"' .. detail .. '"}',
    retry_at = run.attempt <= (run.lost_retries or 0) and NOW or nil,
    finished_at = NOW,
    decided = true,
  })
end
