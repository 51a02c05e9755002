#!lua flags=allow-oom
-- Ends a pending run, or asks the worker of a running one to end it.
--
-- KEYS  the prefix
-- ARGV  time; run
-- Reply 'cancelled' | 'requested' | 'not_found' | {'final', its status}
-- Keeps a run that is flagged from ever being pending again.
--! engine effects queues jobs runs gate

local run = find_run(ARGV[2])
if not run then return 'not_found' end
if run.status == 'running' then
  flag_run(run, 'requested')
  commit()
  return 'requested'
end
if run.status ~= 'pending' then return { 'final', run.status } end
end_pending(run, 'requested')
commit()
return 'cancelled'
