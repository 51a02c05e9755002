#!lua flags=allow-oom
-- Ends attempts, and claims the next ones in the same round trip.
--
-- KEYS  the prefix
-- ARGV  time; owner; how many ended; for each: run, fence, status, reason, detail, outcome, retry at, duration,
--       processes left running ('' for none), ended ago, output's offset ('' for no output) and frames, where the
--       run lies ('' when unknown); then the claim as in claim.lua, or nothing
-- Reply now, 1 when more can be claimed, the claimed runs, then the result of each: 'ok' | 'duplicate' | 'lost' |
--       {'failed', why}
-- Keeps an end from being written by anyone but the owner of that fence, and more than once.
--! engine effects queues jobs totals runs leases attempts holding gate usual guard claiming output

local ITEM = 13

note_contact()
local owner, items = ARGV[2], tonumber(ARGV[3])

local function finish(at)
  local id, fence, status, reason, detail, outcome, retry_at, duration_ms, left_running, ago, offset, frames, seq =
    unpack(ARGV, at, at + ITEM - 1)
  local finished_at = NOW - tonumber(ago)
  if fence == '1' and status == 'succeeded' and left_running == '' and offset == ''
    and end_usual(owner, id, seq, duration_ms, finished_at) then return 'ok' end
  local run, known = held_or_adopted_run(owner, id, tonumber(fence), seq)
  if not run then return ended_before(known, owner, tonumber(fence)) end
  if offset ~= '' then append_output(run, tonumber(offset), frames) end
  end_attempt(run, {
    status = status,
    reason = given(reason),
    detail = given(detail),
    outcome = given(outcome),
    retry_at = given_number(retry_at),
    duration_ms = given(duration_ms),
    left_running = given(left_running),
    finished_at = finished_at,
  })
  return 'ok'
end

local results = {}
for i = 1, items do
  results[i] = guarded(finish, 4 + (i - 1) * ITEM)
end

local list, more = {}, false
local rest = 4 + items * ITEM
if ARGV[rest] then
  flush_indexes()
  list, more = claim_runs(claim_request(rest))
end
commit()
return { NOW, more and 1 or 0, list, results }
