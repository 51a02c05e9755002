-- An item that fails for a bug of ours fails alone: Redis does not roll back, and what the others did must be counted.
-- Returns what `step`, given the other arguments, returned, or a reply that says what went wrong.
local function guarded(step, ...)
  local ok, answer = pcall(step, ...)
  if ok then return answer end
  if type(answer) == 'table' then answer = answer.err end
  return { 'failed', tostring(answer) }
end
