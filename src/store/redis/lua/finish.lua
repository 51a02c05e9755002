#!lua flags=allow-oom
-- Ends attempts, and claims the next ones in the same round trip.
--
-- KEYS  the prefix
-- ARGV  time; owner; how many ended; for each: run, fence, status, reason, detail, outcome, retry at, duration,
--       ended ago, output's offset ('' for no output) and frames; then the claim as in claim.lua, or nothing
-- Reply now, 1 when more can be claimed, the claimed runs, then the result of each: 'ok' | 'duplicate' | 'lost' |
--       {'failed', why}
-- Keeps an end from being written by anyone but the owner of that fence, and more than once.
--! engine effects queues jobs runs leases attempts holding gate common claiming output guard

local ITEM = 11

note_contact()
local owner, items = ARGV[2], tonumber(ARGV[3])

local function finish(at)
  if ARGV[at + 2] == 'succeeded' and ARGV[at + 9] == '' then
    local common = end_common(owner, ARGV[at], ARGV[at + 1], ARGV[at + 7], NOW - tonumber(ARGV[at + 8]))
    if common then return common end
  end
  local id, fence = ARGV[at], tonumber(ARGV[at + 1])
  local run, known = held_or_adopted_run(owner, id, fence)
  if not run then return ended_before(known, owner, fence) end
  if ARGV[at + 9] ~= '' then append_output(run, tonumber(ARGV[at + 9]), ARGV[at + 10]) end
  end_attempt(run, {
    status = ARGV[at + 2],
    reason = given(ARGV[at + 3]),
    detail = given(ARGV[at + 4]),
    outcome = given(ARGV[at + 5]),
    retry_at = given_number(ARGV[at + 6]),
    duration_ms = given(ARGV[at + 7]),
    finished_at = NOW - tonumber(ARGV[at + 8]),
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
