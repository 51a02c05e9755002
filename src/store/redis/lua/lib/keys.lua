-- Keys, and the sessions that belong to them.

-- Its fields as HGETALL has them, or nil for one that is not there or has expired.
local function valid_key(id)
  local flat = id and call('HGETALL', K .. 'key:' .. id) or {}
  if #flat == 0 then return nil end
  local expires_at = tonumber(to_table(flat).expires_at)
  if expires_at and expires_at <= NOW then return nil end
  return flat
end
