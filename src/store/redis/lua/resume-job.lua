#!lua flags=allow-oom
-- Lets the slots of a paused cron job come again.
--
-- KEYS  the prefix
-- ARGV  time; job; next slot, '' for none
-- Reply {'resumed'} | {'not_found'} | {'not_a_schedule'} | {'stale', now, last slot or ''}
-- Keeps the next slot after the engine's now and every slot that was dealt with.
--! engine effects queues jobs totals runs

local job = read_living_job(ARGV[2])
if not job then return { 'not_found' } end
if job.type == 'once' then return { 'not_a_schedule' } end
if job.paused then
  local slot = given_number(ARGV[3])
  if slot and slot <= math.max(NOW, job.last_slot or 0) then
    return { 'stale', NOW, job.last_slot and whole(job.last_slot) or '' }
  end
  change_job(job, { paused = false, next_slot = slot or false, updated_at = NOW })
  hint('s')
  commit()
end
return { 'resumed' }
