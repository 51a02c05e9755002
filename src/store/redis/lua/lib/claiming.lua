-- Claims: how pending runs come to a worker.
--
-- An index may know of a run that is not there, since somebody deleted its key or Redis evicted it. It is dropped from
-- the index, and all others go on: a claim that failed for one would fail for it for ever.

local function by_score(a, b)
  if a.score ~= b.score then return a.score < b.score end
  return a.seq < b.seq
end

-- The first of what can be claimed, as { seq, score, queue }.
local function claimable(queues, limit)
  local found, sources = {}, 0
  for _, queue in ipairs(queues) do
    local most = math.min(limit, queue_room(queue) or limit)
    if most > 0 then
      local flat = call('ZRANGE', K .. 'q:' .. queue, 0, most - 1, 'WITHSCORES')
      if #flat > 0 then sources = sources + 1 end
      for i = 1, #flat, 2 do found[#found + 1] = { seq = flat[i], score = tonumber(flat[i + 1]), queue = queue } end
    end
  end
  -- What one queue gave is in order.
  if sources > 1 then table.sort(found, by_score) end
  return found
end

local function put_off(seq)
  index(DELAY_KEY, seq, whole(NOW + LEASE))
end

local function promote_run(seq)
  local run = read_run(seq)
  if run and run.place == 'delay' then
    admit_run(run, run.ready_at)
    return
  end
  index(DELAY_KEY, seq, false)
  if not run then
    index(LATE_KEY, seq, false)
    count('runs:pending', -1)
  elseif run.place == 'queue' then
    -- It was put off when it was to be claimed.
    index(QUEUE_KEY[run.queue], seq, whole(queue_score(run)))
    work_came(run.queue)
  end
end

-- Delayed runs whose time has come go to their queues, at most `limit`. Returns whether there are more.
local function promote(limit)
  local ready = call('ZRANGEBYSCORE', DELAY_KEY, '-inf', NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #ready) do guarded_member(promote_run, put_off, ready[i]) end
  return #ready > limit
end

-- As `toClaimed` in leases.ts reads it.
local function claimed(run, version, json)
  return table.concat({
    run.seq, run.job, run.number, run.fence, run.attempt, run.trigger, run.scheduled_for and whole(run.scheduled_for) or '',
    version, run.cancel_reason and '1' or '', run.name or '', json,
  }, '|')
end

-- The definition that the newest attempt executes; the current one when that version is kept no longer.
local function executed(run, job)
  if run.version == job.version then return job.json end
  local kept = call('HGET', K .. 'v:' .. job.id, whole(run.version))
  return kept and string.match(kept, '^%d+|(.*)$') or job.json
end

-- What the claim gave, as far as it is still held: its leases begin anew, since its worker learns of them only now.
local function claim_again(request)
  local key = HELD_KEY[request.owner]
  local held = {}
  for _, seq in ipairs(call('ZRANGEBYSCORE', key, request.number, request.number)) do
    local run = indexed_run(seq)
    if run and run.status == 'running' and run.owner == request.owner then
      held[#held + 1] = run
    else
      index(key, seq, false)
    end
  end
  table.sort(held, function(a, b)
    local score_a, score_b = queue_score(a), queue_score(b)
    if score_a ~= score_b then return score_a < score_b end
    return a.seq < b.seq
  end)
  local list = {}
  for _, run in ipairs(held) do
    local job = read_job(run.job)
    -- Without its job nobody can execute it: its lease lapses.
    if job then
      renew_lease(run)
      list[#list + 1] = claimed(run, run.version, executed(run, job))
    end
  end
  return list, #claimable(request.queues, 1) > 0
end

-- entry: of `claimable`. jobs: those that were read before. Returns nil for a run that was ended instead, or is no more.
local function claim_found(entry, request, jobs)
  local run = read_run(entry.seq)
  if not run or run.status ~= 'pending' then
    index(QUEUE_KEY[entry.queue], entry.seq, false)
    if not run then
      index(LATE_KEY, entry.seq, false)
      count_state('pending', entry.queue, -1)
    end
    return nil
  end
  local job = jobs[run.job] or read_job(run.job)
  jobs[run.job] = job
  if not job or job.deleted_at then
    end_pending(run, 'deleted')
    return nil
  end
  begin_attempt(run, job, 'claim', {
    fence = run.fence + 1,
    owner = request.owner,
    worker = request.worker,
    claim = request.number,
  })
  return claimed(run, job.version, job.json)
end

local function usual_or_found(entry, request, jobs)
  return begin_usual(entry.seq, entry.queue, request) or claim_found(entry, request, jobs)
end

-- The same. What fails, for a bug of ours, leaves its queue for a while.
local function claim_run(entry, request, jobs)
  local ok, answer = pcall(usual_or_found, entry, request, jobs)
  if ok then return answer end
  tell_fault(entry.seq, answer)
  index(QUEUE_KEY[entry.queue], entry.seq, false)
  put_off(entry.seq)
  return nil
end

-- request: owner, worker, limit, number, queues. Returns the runs and whether more can be claimed.
local function claim_runs(request)
  local late = promote(MOST_ITEMS)
  flush_indexes()
  local key = K .. 'c:' .. request.owner
  local newest = tonumber(call('GET', key) or 0)
  if request.number < newest then return {}, false end
  if request.number == newest then return claim_again(request) end
  local found = claimable(request.queues, request.limit + 1)
  local list, jobs = {}, {}
  for i = 1, math.min(request.limit, #found) do
    list[#list + 1] = claim_run(found[i], request, jobs)
  end
  -- After all that could fail: a number that is spent gives nothing but what its first claim gave.
  call('SET', key, whole(request.number), 'EX', 86400)
  local more = #found > request.limit
  for _, queue in ipairs(request.queues) do
    -- The next idle worker is woken while there is more; a queue that gives nothing wakes nobody.
    local full = queue_room(queue) == 0
    if (more or late) and not full then
      marked[queue] = true
    elseif #found == 0 or full then
      marked[queue] = nil
      call('DEL', K .. 'm:' .. queue)
    end
  end
  return list, more or late
end

-- Reads a request from the arguments that begin at `at`.
local function claim_request(at)
  local queues = {}
  for i = 1, tonumber(ARGV[at + 4]) do queues[i] = ARGV[at + 4 + i] end
  return {
    owner = ARGV[at],
    worker = ARGV[at + 1],
    limit = tonumber(ARGV[at + 2]),
    number = tonumber(ARGV[at + 3]),
    number_text = ARGV[at + 3],
    queues = queues,
  }
end
