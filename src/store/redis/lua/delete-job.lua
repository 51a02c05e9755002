#!lua flags=allow-oom
-- Takes a job away: it is gone at once for everybody, and its runs are ended 250 at a time.
--
-- KEYS  the prefix
-- ARGV  time; job; '1' to force; the mark of the call
-- Reply {'deleted'} | {'not_found'} | {'running', runs…}
-- Keeps a backlog that is not ended yet in `ending`, for ticks to go on with, and from being claimed.
--! engine effects queues jobs totals runs gate ending

local mark = tonumber(ARGV[4])
local job = read_job(ARGV[2])
-- A repeat of the call that deleted it: its reply was lost.
if job and job.deleted_by == mark then return { 'deleted' } end
if not job or job.deleted_at then return { 'not_found' } end
local running = running_runs(job)
if #running > 0 and ARGV[3] ~= '1' then return { 'running', unpack(running) } end
count(job_counter(job), -1)
save_job(job, { deleted_at = NOW, deleted_by = mark, next_slot = false })
index(DUE_KEY, job.id, false)
if job.name then call('HDEL', K .. 'names', job.name) end
call('XDEL', K .. 'jobs', job.seq .. '-0')
call('ZREM', K .. 'crons', job.id)
changed('j', job.id)
if not end_open_runs(job, 'deleted', MOST_ITEMS) then
  call('ZADD', K .. 'ending', NOW, job.id)
  hint('s')
end
trim_soon(job.id)
commit()
return { 'deleted' }
