#!lua flags=allow-oom
-- Gives up to `limit` runs to a worker.
--
-- KEYS  the prefix
-- ARGV  time; owner, worker, limit, claim number, how many queues, the queues
-- Reply now, 1 when more can be claimed, the claimed runs (see `claimed` in lib/claiming.lua)
-- Keeps a run at one owner: its fence rises with every claim. A repeat of the owner's newest claim gets the same again.
--! engine effects queues jobs totals runs leases attempts holding gate usual guard claiming

note_contact()
local list, more = claim_runs(claim_request(2))
commit()
return { NOW, more and 1 or 0, list }
