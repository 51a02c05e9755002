#!lua flags=allow-oom
-- Stops the slots of a cron job.
--
-- KEYS  the prefix
-- ARGV  time; job
-- Reply 'paused' | 'not_found' | 'not_a_schedule'
-- Keeps every slot a run or counted: one that has come and was not fired is recorded.
--! engine effects queues jobs totals runs skipped

local job = read_living_job(ARGV[2])
if not job then return 'not_found' end
if job.type == 'once' then return 'not_a_schedule' end
if not job.paused then
  change_job(job, pass_over_due(job, { paused = 1, next_slot = false, updated_at = NOW }))
  commit()
end
return 'paused'
