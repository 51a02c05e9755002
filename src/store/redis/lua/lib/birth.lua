-- The common case of a birth, written out: a once job of no name, in the usual queue with the usual priority, to be
-- claimed at once. It does what `bear_first_run` does, and steps aside for all else: then it returns false, and nothing is
-- written.

local USUAL_SCORE = queue_score({ priority = 0, ready_at = NOW })

local function bear_common(job, run_at)
  if run_at ~= '' or job.name or job.queue ~= 'default' or job.priority ~= 0 then return false end
  local _, untold = created_by(job.seq)
  if untold then return false end
  call('HSET', run_key(job.seq), RUN_FIELDS.job, job.id)
  call('XADD', RUNS_KEY, job.seq, 'r', '')
  index(QUEUE_KEY.default, job.seq, USUAL_SCORE)
  count_state('pending', 'default', 1)
  work_came('default')
  run_and_job_changed(job.seq, job.id, 1)
  return true
end
