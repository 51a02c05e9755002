#!lua flags=allow-oom
-- Removes runs of jobs that were taken to be looked at, and says when to look again.
--
-- KEYS  the prefix
-- ARGV  time; then for each job: id, until when it was taken, when to look again ('' for when a run of it ends), how many
--       runs are to go, and of each its seq and when it ended
-- Reply how many jobs and how many runs were removed
-- Keeps every run that is not final, whatever it is told; a record of skipped slots that was extended since somebody
-- looked; and a job that is not deleted or has runs. When something happened to a job since it was taken, that it is to
-- be looked at once more stands.
--! engine effects queues jobs totals runs attempts output removing

local jobs, runs = 0, 0

local function remove_runs(id, from, to)
  for at = from, to, 2 do
    local run = read_run(ARGV[at])
    if run and run.job == id and is_final(run) and run.finished_at == tonumber(ARGV[at + 1]) then
      remove_run(run)
      call('ZREM', K .. 'l:' .. id, run.seq)
      runs = runs + 1
    end
  end
end

local function has_runs(job)
  if job.single then return call('EXISTS', run_key(job.seq)) == 1 end
  return call('ZCARD', K .. 'l:' .. job.id) > 0
end

local function settle(job, taken, again)
  if tonumber(call('ZSCORE', K .. 'trim', job.id) or 0) ~= taken then return end
  if again or not job.deleted_at then
    index(K .. 'trim', job.id, again or false)
    return
  end
  if has_runs(job) then
    index(K .. 'trim', job.id, NOW + 60 * SECOND)
    return
  end
  remove_job(job)
  -- Its entry in that list is stale by this, and goes in its time.
  if job.type == 'once' then count('done', -1) end
  jobs = jobs + 1
end

local at = 2
while at <= #ARGV do
  local last = at + 3 + 2 * tonumber(ARGV[at + 3])
  local job = read_job(ARGV[at])
  if job then
    remove_runs(job.id, at + 4, last)
    settle(job, tonumber(ARGV[at + 1]), given_number(ARGV[at + 2]))
  end
  at = last + 1
end
commit()
return { jobs, runs }
