#!lua flags=no-writes,allow-oom
-- Whether there is anything that these queues let a worker claim.
--
-- KEYS  the prefix
-- ARGV  time; the queues
-- Reply 1 or 0
-- Writes nothing.
--! engine effects queues jobs totals runs leases attempts holding gate usual guard claiming

local queues = {}
for i = 2, #ARGV do queues[i - 1] = ARGV[i] end
return #claimable(queues, 1) > 0 and 1 or 0
