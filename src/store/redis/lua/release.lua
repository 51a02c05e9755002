#!lua flags=allow-oom
-- Gives back runs whose child was never started.
--
-- KEYS  the prefix
-- ARGV  time; owner; then for each: run, fence
-- Reply for each: 'ok' | 'duplicate' | 'lost' | {'failed', why}
-- Keeps the fence as high as it was, and the attempt from counting.
--! engine effects queues jobs totals runs leases attempts holding guard

note_contact()
local owner, reply = ARGV[2], {}
local function release(at)
  local fence = tonumber(ARGV[at + 1])
  local run, known = held_run(owner, ARGV[at], fence)
  if not run then return ended_before(known, owner, fence) end
  give_back(run)
  return 'ok'
end

for at = 3, #ARGV, 2 do reply[#reply + 1] = guarded(release, at) end
commit()
return reply
