#!lua flags=allow-oom
-- Ends a pending run, or asks the worker of a running one to end it.
--
-- KEYS  the prefix
-- ARGV  time; run; the mark of the call
-- Reply 'cancelled' | 'requested' | 'not_found' | {'final', its status}
-- Keeps a run that is flagged from ever being pending again.
--! engine effects queues jobs totals runs gate

local mark = ARGV[3]
local run = find_run(ARGV[2])
if not run then return 'not_found' end
-- A repeat of the call that ended or flagged it: its reply was lost.
if run.cancelled_by == mark then return run.cancel_reason and 'requested' or 'cancelled' end
local is_running = run.status == 'running'
if not is_running and run.status ~= 'pending' then return { 'final', run.status } end
if not run.cancel_reason then save_run(run, { cancelled_by = mark }) end
if is_running then
  flag_run(run, 'requested')
  commit()
  return 'requested'
end
end_pending(run, 'requested')
commit()
return 'cancelled'
