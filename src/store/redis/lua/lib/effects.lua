-- What follows from what a script did: counters, indexes, hints, the change log. Collected, and written by `commit`.
--
-- An index entry may be set and taken back within one script; the last word counts. `flush_indexes` writes what was
-- collected so far, for a script that goes on to read an index.

local CHANGES_KEPT = 10000

local counts = {}
local indexes = {}
local changes, change_known, change_count = {}, {}, 0
local hints, hint_known = {}, {}
local marked = {}

local function count(field, by)
  counts[field] = (counts[field] or 0) + by
end

-- score: a number, or false to take the member out.
local function index(key, member, score)
  local entries = indexes[key]
  if not entries then
    entries = {}
    indexes[key] = entries
  end
  entries[member] = score
end

local function flush_indexes()
  for key, entries in pairs(indexes) do
    local added, removed = {}, {}
    for member, score in pairs(entries) do
      if score then
        added[#added + 1] = score
        added[#added + 1] = member
      else
        removed[#removed + 1] = member
      end
    end
    if #added > 0 then call_with('ZADD', key, added) end
    if #removed > 0 then call_with('ZREM', key, removed) end
  end
  indexes = {}
end

-- kind: 'j' or 'w'; ref: the job's or worker's id. Ids are of one sort each, so that no two things share one.
local function changed(kind, ref)
  if change_known[ref] then return end
  change_known[ref] = true
  change_count = change_count + 1
  changes[#changes + 1] = kind
  changes[#changes + 1] = ref
  changes[#changes + 1] = '\n'
end

local function run_changed(run)
  if change_known[run.seq] then return end
  change_known[run.seq] = true
  change_count = change_count + 1
  changes[#changes + 1] = 'r'
  changes[#changes + 1] = run.job
  changes[#changes + 1] = '.'
  changes[#changes + 1] = run.number
  changes[#changes + 1] = '\n'
end

-- 's': tick may return something earlier; 'w<queue>': work; 'c<run>': to be ended; 'n': something new in `changes`.
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
  for field, by in pairs(counts) do
    if by ~= 0 then call('HINCRBY', K .. 'n', field, by) end
  end
  for queue in pairs(marked) do call('ZADD', K .. 'm:' .. queue, 0, 'w') end
  if change_count > 0 then
    local newest = call('HINCRBY', K .. 'n', 'changes', change_count)
    local oldest = math.max(0, newest - CHANGES_KEPT)
    call('XADD', K .. 'changes', 'MINID', '~', whole(oldest), whole(newest) .. '-0', 'c', table.concat(changes, '', 1, #changes - 1))
    hint('n')
  end
  if #hints > 0 then call('PUBLISH', K .. 'hints', table.concat(hints, '\n')) end
  save_seq()
end
