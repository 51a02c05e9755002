#!lua flags=allow-oom
-- Takes jobs whose runs retention is to look at, cron jobs and deleted ones, the longest waiting first.
--
-- KEYS  the prefix
-- ARGV  time; limit; until when nobody else is to take them, which no other call says
-- Reply now, then for each job: id, definition, how many runs it has, how many of them are open, '1' when it is deleted,
--       the seq of a once job's only run
-- Keeps a job from being forgotten by one that takes it and dies: it comes again when that time is over. A repeat of a
-- call whose reply was lost gets what that took.
--! engine effects queues jobs totals runs

local till = tonumber(ARGV[3])
local ids = call('ZRANGEBYSCORE', K .. 'trim', ARGV[3], ARGV[3])
if #ids == 0 then ids = call('ZRANGEBYSCORE', K .. 'trim', '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[2])) end

local jobs = {}
for _, id in ipairs(ids) do
  local job = read_job(id)
  if job then
    local runs, open = call('ZCARD', K .. 'l:' .. id), call('ZCARD', open_key(id))
    jobs[#jobs + 1] = { id, job.json, runs, open, job.deleted_at and '1' or '', job.single and job.seq or '' }
  end
  index(K .. 'trim', id, job and till or false)
end
commit()
return { NOW, jobs }
