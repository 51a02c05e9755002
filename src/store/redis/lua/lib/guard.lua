-- An item that fails for a bug of ours fails alone: Redis does not roll back, and what the others did must be counted.

local function reason_of(fault)
  return tostring(type(fault) == 'table' and fault.err or fault)
end

-- Returns what `step`, given the other arguments, returned, or a reply that says what went wrong.
local function guarded(step, ...)
  local ok, answer = pcall(step, ...)
  if ok then return answer end
  return { 'failed', reason_of(answer) }
end

-- Of a member of an index, for which nobody waits who could be answered: Redis's log tells of it.
local function tell_fault(member, fault)
  redis.log(redis.LOG_WARNING, 'jobsched: ' .. member .. ' failed and is put off: ' .. reason_of(fault))
end

-- Takes a member of an index through `step`. When that fails, `put_off` takes it out of the way of those behind it.
local function guarded_member(step, put_off, member)
  local ok, fault = pcall(step, member)
  if ok then return end
  tell_fault(member, fault)
  put_off(member)
end
