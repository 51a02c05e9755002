#!lua flags=allow-oom
-- Removes once jobs that were done long ago, or that too many others were done after, longest done first.
--
-- KEYS  the prefix
-- ARGV  time; seq: what was done before it goes; how many are kept; limit of runs and jobs together
-- Reply jobs, runs, 1 when there is more
-- Keeps jobs with an open run: an entry of `done` that its job does not know of is stale, and goes alone. A job with more
-- runs than the limit loses them first. One with a single run goes with it, since nothing else leads to it.
--! engine effects queues jobs totals runs attempts output removing

local before, limit = tonumber(ARGV[2]), tonumber(ARGV[4])
local excess = tonumber(call('HGET', K .. 'n', 'done') or 0) - tonumber(ARGV[3])
local jobs, runs = 0, 0

-- The job that the entry is valid for, or nil.
local function done_job(seq, fields)
  local kind, what = unpack(fields)
  if kind == 'i' then
    local job = read_job(what)
    return job and job.done == seq and job or nil
  end
  local run = read_run(what)
  local job = run and read_job(run.job)
  return job and job.single and job or nil
end

-- Removes its runs, at most `left`. Returns whether all are gone.
local function remove_runs(job, left)
  if job.single then
    remove_run(read_run(job.seq))
    runs = runs + 1
    return true
  end
  local list = K .. 'l:' .. job.id
  local seqs = call('ZRANGE', list, 0, left - 1)
  for _, seq in ipairs(seqs) do
    local run = read_run(seq)
    if run then remove_run(run) end
    call('ZREM', list, seq)
  end
  runs = runs + #seqs
  return #seqs < left
end

-- Returns whether there may be more.
local function trim()
  local entries = call('XRANGE', K .. 'done', '-', '+', 'COUNT', limit)
  for _, entry in ipairs(entries) do
    local seq = string.match(entry[1], '^%d+')
    if excess <= jobs and tonumber(seq) >= before then return false end
    local left = limit - jobs - runs
    local job = done_job(seq, entry[2])
    if job then
      if left <= 0 or (job.single and left < 2 and left < limit) then return true end
      if not remove_runs(job, left) then return true end
      remove_job(job)
      count('done', -1)
      jobs = jobs + 1
    end
    call('XDEL', K .. 'done', entry[1])
  end
  return #entries >= limit
end

local more = trim()
commit()
return { jobs, runs, more and 1 or 0 }
