-- Leases, as src/store/leases.ts tells of them.
--
-- Deadlines are in *lease time*: Redis's clock, but it stands still over each step back and each gap, since nobody can tell
-- a gap from a step forward. So a clock that is set brings no decision nearer. `contact` keeps `last`, the time of the last
-- sign; `shift`, how far lease time is ahead; and `grace`, the lease time before which nothing is flagged or decided, since
-- engine or clock were away.

local LEASE_NOW
local LEASE_SHIFT
local GRACE

-- To be called first by every script that shows that engine and workers, or schedulers, see each other.
local function note_contact()
  local last, shift, grace = unpack(call('HMGET', K .. 'contact', 'last', 'shift', 'grace'))
  last, shift, grace = tonumber(last or NOW), tonumber(shift or 0), tonumber(grace or 0)
  local gap = NOW - last
  if gap < 0 or gap > LEASE / 2 then
    shift = shift - gap
    grace = NOW + shift + LEASE
  end
  LEASE_NOW, LEASE_SHIFT, GRACE = NOW + shift, shift, grace
  call('HSET', K .. 'contact', 'last', whole(NOW), 'shift', whole(shift), 'grace', whole(grace))
end
