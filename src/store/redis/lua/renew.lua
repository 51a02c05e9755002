#!lua flags=allow-oom
-- Renews all leases that a worker holds.
--
-- KEYS  the prefix
-- ARGV  time; owner; then for each: run, fence
-- Reply for each: 'ok' | 'cancel' | 'lost' | {'failed', why}
-- Keeps a lease at the owner of the newest fence.
--! engine effects queues jobs totals runs leases attempts holding guard

note_contact()
local owner, reply = ARGV[2], {}
local function renew(at)
  local run = held_or_adopted_run(owner, ARGV[at], tonumber(ARGV[at + 1]))
  if not run then return 'lost' end
  renew_lease(run)
  return run.cancel_reason and 'cancel' or 'ok'
end

for at = 3, #ARGV, 2 do reply[#reply + 1] = guarded(renew, at) end
commit()
return reply
