-- Leases, as src/store/leases.ts tells of them.
--
-- Deadlines are in *lease time*: Redis's clock, but it stands still over each step back and each gap, since nobody can tell
-- a gap from a step forward. So a clock that is set brings no decision nearer. What decides is the tick, and that one says
-- how far lease time can have come by a clock that does not step (leases/lease-time.ts): what a step that makes no gap has
-- added is taken off again.
--
-- `contact` keeps `last`, the time of the last sign; `shift`, how far lease time is ahead; `grace`, the lease time before
-- which nothing is flagged or decided, since engine or clock were away; and `ticked`, the lease time of the last tick that could say
-- it.

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

-- Beyond this nobody has ticked for a while: as long as runs are leased, every scheduler ticks once a second.
local TICK_MISSED = 1500

-- To be called by the tick instead. most: the lease time that it can be by its caller's own clock; nil when that has just
-- begun. No tick goes back behind the one before it: a caller that was suspended knows less than that. too_far: by how much
-- its caller found it ahead when the shift was `seen`.
local function note_tick(most, seen, too_far)
  note_contact()
  local ticked = tonumber(call('HGET', K .. 'contact', 'ticked') or 0)
  if too_far and seen == LEASE_SHIFT then
    LEASE_NOW, LEASE_SHIFT = LEASE_NOW - too_far, LEASE_SHIFT - too_far
  end
  local shift = LEASE_SHIFT
  if most then
    -- What decides, this once: a call that took long knows less than the next will.
    LEASE_NOW = math.min(LEASE_NOW, math.max(most, ticked))
    ticked = LEASE_NOW
  elseif LEASE_NOW - ticked > TICK_MISSED then
    -- Nobody can say how much of this time has passed: workers renew first.
    GRACE = LEASE_NOW + LEASE
  else
    LEASE_NOW = math.min(LEASE_NOW, ticked)
  end
  LEASE_SHIFT = LEASE_NOW - NOW
  call('HSET', K .. 'contact', 'shift', whole(shift), 'grace', whole(GRACE), 'ticked', whole(ticked))
  return shift
end
