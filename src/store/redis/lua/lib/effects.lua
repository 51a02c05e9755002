-- What follows from what a script did: counters, indexes, hints, the change log. Collected, and written by `commit`.
--
-- `flush_indexes` writes what was collected of indexes so far, for a script that goes on to read one.

local CHANGES_KEPT = 10000

local counts, states = {}, {}
local indexes = {}
local changes, change_lines, change_known, change_count = {}, 0, {}, 0
local hints, hint_known = {}, {}
local marked = {}

local function count(field, by)
  counts[field] = (counts[field] or 0) + by
end

-- How many runs of the queue have the state.
local function count_state(status, queue, by)
  local of = states[queue]
  if not of then
    of = {}
    states[queue] = of
  end
  of[status] = (of[status] or 0) + by
end

local function running_so_far(queue)
  local of = states[queue]
  return of and of.running or 0
end

local function total_states()
  for queue, of in pairs(states) do
    for status, by in pairs(of) do
      count('runs:' .. status, by)
      if status == 'pending' or status == 'running' then count(status .. ':' .. queue, by) end
    end
  end
end

-- Of one key: members to take out first, then scores and members to put in.
local function flush_index(key, entry)
  if entry.out_count > 0 then call_with('ZREM', key, entry.out) end
  if entry.put_count > 0 then call_with('ZADD', key, entry.put) end
end

-- score: a number, best as text, or false to take the member out.
local function index(key, member, score)
  local entry = indexes[key]
  if not entry then
    entry = { out = {}, out_count = 0, put = {}, put_count = 0 }
    indexes[key] = entry
  end
  if score then
    local at = entry.put_count
    entry.put[at + 1], entry.put[at + 2] = score, member
    entry.put_count = at + 2
    return
  end
  -- What was put in before may be this very member.
  if entry.put_count > 0 then
    flush_index(key, entry)
    entry.out, entry.out_count, entry.put, entry.put_count = {}, 0, {}, 0
  end
  entry.out_count = entry.out_count + 1
  entry.out[entry.out_count] = member
end

local function flush_indexes()
  for key, entry in pairs(indexes) do flush_index(key, entry) end
  indexes = {}
end

-- A line of the change log. how_many: changes it tells of.
local function tell_change(line, how_many)
  change_lines = change_lines + 1
  changes[change_lines] = line
  change_count = change_count + how_many
end

-- kind: 'j', 'w' or 'q'; ref: the job's or worker's id, or the queue's name. Ids are of one sort each, so that no two
-- things share one; only set-queue.lua tells of a queue, and of nothing else.
local function changed(kind, ref)
  if change_known[ref] then return end
  change_known[ref] = true
  tell_change(kind .. ref, 1)
end

local function run_changed(seq, job, number)
  if change_known[seq] then return end
  change_known[seq] = true
  tell_change('r' .. job .. '.' .. number, 1)
end

-- Of both a run and its job: one line, since that is what happens most.
local function run_and_job_changed(seq, job, number)
  if change_known[seq] or change_known[job] then
    run_changed(seq, job, number)
    changed('j', job)
    return
  end
  change_known[seq], change_known[job] = true, true
  tell_change('b' .. job .. '.' .. number, 2)
end

-- 's': tick may return something earlier; 'w<queue>': work; 'c<run>': to be ended; 'd<worker>': to claim no more; 'n': something new in `changes`.
local function hint(text)
  if hint_known[text] then return end
  hint_known[text] = true
  hints[#hints + 1] = text
end

local function work_came(queue)
  marked[queue] = true
  hint('w' .. queue)
end

local function commit()
  flush_indexes()
  total_states()
  for field, by in pairs(counts) do
    if by ~= 0 then call('HINCRBY', K .. 'n', field, by) end
  end
  for queue in pairs(marked) do call('ZADD', K .. 'm:' .. queue, 0, 'w') end
  if change_count > 0 then
    local newest = call('HINCRBY', K .. 'n', 'changes', change_count)
    local oldest = math.max(0, newest - CHANGES_KEPT)
    call('XADD', K .. 'changes', 'MINID', '~', whole(oldest), whole(newest) .. '-0', 'c', table.concat(changes, '\n'))
    hint('n')
  end
  if #hints > 0 then call('PUBLISH', K .. 'hints', table.concat(hints, '\n')) end
  save_seq()
end
