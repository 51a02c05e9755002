#!lua
-- Puts what children wrote behind what they wrote before.
--
-- KEYS  the prefix
-- ARGV  time; owner; then for each chunk: run, fence, offset, frames
-- Reply for each: 'ok' | 'duplicate' | 'lost' | {'failed', why}
-- Keeps output from being written twice, and by anyone but the owner of the fence.
--! engine effects queues jobs totals runs leases attempts holding output guard

note_contact()
local owner, reply = ARGV[2], {}
local function append(at)
  local run = held_or_adopted_run(owner, ARGV[at], tonumber(ARGV[at + 1]))
  if not run then return 'lost' end
  return append_output(run, tonumber(ARGV[at + 2]), ARGV[at + 3])
end

for at = 3, #ARGV, 4 do reply[#reply + 1] = guarded(append, at) end
commit()
return reply
