#!lua flags=allow-oom
-- Decides, as lost, attempts of an owner that is known to be dead.
--
-- KEYS  the prefix
-- ARGV  time; owner; limit
-- Reply 1 when there may be more, the runs
-- Keeps what others hold. Drops what the owner is said to hold and does not.
--! engine effects queues jobs totals runs leases attempts holding guard

note_contact()
local owner, limit, lost = ARGV[2], tonumber(ARGV[3]), {}
local held = HELD_KEY[owner]

-- Also what fails is let fall, so that a repeat comes to the others; its lease lapses by itself.
local function let_fall(seq)
  index(held, seq, false)
end

local function decide(seq)
  local run = indexed_run(seq)
  if not run or run.status ~= 'running' or run.owner ~= owner then return let_fall(seq) end
  give_up(run, 'its worker has died')
  lost[#lost + 1] = run_id(run)
end

local seqs = call('ZRANGE', held, 0, limit - 1)
for _, seq in ipairs(seqs) do guarded_member(decide, let_fall, seq) end
commit()
return { #seqs == limit and 1 or 0, lost }
