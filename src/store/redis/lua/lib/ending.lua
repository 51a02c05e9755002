-- Deleted jobs, whose backlog is ended piece by piece.

-- Ids of at most 250 runs of the job that a worker holds.
local function running_runs(job)
  local seqs = { job.seq }
  if not job.single then
    seqs = call('ZRANGEBYSCORE', open_key(job.id), ASKED_TO_END, RUNNING, 'LIMIT', 0, MOST_ITEMS)
  end
  local ids = {}
  for _, seq in ipairs(seqs) do
    local run = read_run(seq)
    if run and run.status == 'running' then ids[#ids + 1] = run_id(run) end
  end
  return ids
end

-- Goes on with one deleted job. Returns whether there is more to end, of this job or of others.
local function end_deleted(limit)
  local jobs = call('ZRANGE', K .. 'ending', 0, 1)
  if #jobs == 0 then return false end
  local job = read_job(jobs[1])
  local done = not job or end_open_runs(job, 'deleted', limit)
  if done then call('ZREM', K .. 'ending', jobs[1]) end
  return not done or #jobs > 1
end
