#!lua flags=allow-oom
-- Takes cron jobs whose runs retention is to look at, the longest waiting first.
--
-- KEYS  the prefix
-- ARGV  time; limit; for how many ms nobody else is to take them
-- Reply now, then for each job: id, definition, how many runs it has, how many of them are open, '1' when it is deleted
-- Keeps a job from being forgotten by one that takes it and dies: it comes again when that time is over.
--! engine effects queues jobs runs

local jobs = {}
for _, id in ipairs(call('ZRANGEBYSCORE', K .. 'trim', '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[2]))) do
  local job = read_job(id)
  if job then
    local runs, open = call('ZCARD', K .. 'l:' .. id), call('ZCARD', open_key(id))
    jobs[#jobs + 1] = { id, job.json, runs, open, job.deleted_at and '1' or '' }
  end
  index(K .. 'trim', id, job and NOW + tonumber(ARGV[3]) or false)
end
commit()
return { NOW, jobs }
