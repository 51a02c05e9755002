#!lua flags=allow-oom
-- Drops output of attempts that have ended, longest ended first, until the rest is within the budget.
--
-- KEYS  the prefix
-- ARGV  time; budget in bytes; how many bytes to drop in one call, about; limit of attempts
-- Reply attempts, 1 when there is more
-- Keeps what is being written. That an attempt's output is no longer kept stays known.
--! engine effects queues jobs totals runs attempts output removing

local most, limit = tonumber(ARGV[3]), tonumber(ARGV[4])
local excess = tonumber(call('HGET', K .. 'n', 'output') or 0) - tonumber(ARGV[2])
local outputs, dropped = 0, 0

-- Returns how many bytes it has dropped.
local function drop(seq, attempt)
  local run = read_run(seq)
  if run and whole(run.attempt) == attempt then
    local size = remove_blocks(seq, attempt, newest_output(run))
    save_run(run, { output_kept = 0, output_entry = false })
    return size
  end
  local key = attempts_key(seq)
  local output = archived_output(call('HGET', key, attempt))
  if not output then return 0 end
  local fields = unarchived(seq, attempt)
  fields.output_kept, fields.output_entry = 0, false
  put_archived(seq, attempt, fields)
  return remove_blocks(seq, attempt, output)
end

-- Returns whether there may be more.
local function trim()
  if excess <= 0 then return false end
  for _, entry in ipairs(call('XRANGE', K .. 'outputs', '-', '+', 'COUNT', limit)) do
    if dropped >= most then return true end
    local size = drop(string.match(entry[2][2], '^(%d+):(%d+)$'))
    call('XDEL', K .. 'outputs', entry[1])
    excess, dropped, outputs = excess - size, dropped + size, outputs + 1
    if excess <= 0 then return false end
  end
  return outputs >= limit
end

local more = trim()
commit()
return { outputs, more and 1 or 0 }
