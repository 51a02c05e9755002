-- Leases that lapse: flagged first, given up later.

-- How many runs are running, counted anew: one that is gone does not say in which queue it was, and a queue that lets
-- only some run at once would wait for its end for ever. Looks at all that is held, after such damage only.
local function recount_running()
  flush_indexes()
  local running = { ['runs:running'] = 0 }
  for field in pairs(to_table(call('HGETALL', K .. 'n'))) do
    if string.sub(field, 1, 8) == 'running:' then running[field] = 0 end
  end
  for _, seq in ipairs(call('ZRANGE', LEASE_KEY, 0, -1)) do
    local run = indexed_run(seq)
    if run and run.status == 'running' then
      local field = 'running:' .. run.queue
      running[field] = (running[field] or 0) + 1
      running['runs:running'] = running['runs:running'] + 1
    end
  end
  for field, number in pairs(running) do call('HSET', K .. 'n', field, whole(number)) end
  -- What this script has changed is counted with the rest.
  for _, of in pairs(states) do of.running = 0 end
end

local function put_off_lapse(seq)
  index(LEASE_KEY, seq, whole(LEASE_NOW + LEASE))
end

-- Deals with leases that are past their deadline, at most `limit`. Returns ids of the runs that were flagged and of those
-- that were given up, and whether there are more.
local function lapse(limit)
  local flagged, lost, gone = {}, {}, false
  local function lapse_run(seq)
    local run = indexed_run(seq)
    if not run or run.status ~= 'running' then
      index(LEASE_KEY, seq, false)
      gone = gone or not run
      return
    end
    local decided = run.contact_lost_at ~= nil
    if not decided then
      local lost_after = (run.lost_after or LOST_AFTER) * SECOND
      change_run(run, { contact_lost_at = NOW })
      count('happened:contact_lost', 1)
      index(LEASE_KEY, seq, whole(LEASE_NOW + lost_after))
      flagged[#flagged + 1] = run_id(run)
      decided = lost_after == 0
    end
    if decided then
      give_up(run, 'its worker was out of contact')
      lost[#lost + 1] = run_id(run)
    end
  end
  local past = call('ZRANGEBYSCORE', LEASE_KEY, '-inf', LEASE_NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #past) do guarded_member(lapse_run, put_off_lapse, past[i]) end
  if gone then recount_running() end
  return flagged, lost, #past > limit
end
