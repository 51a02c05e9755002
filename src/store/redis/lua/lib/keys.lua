-- Keys, and the sessions that belong to them.

-- Its fields as HGETALL has them, or nil for one that is not there or has expired.
local function valid_key(id)
  local flat = id and call('HGETALL', K .. 'key:' .. id) or {}
  if #flat == 0 then return nil end
  local expires_at = tonumber(to_table(flat).expires_at)
  if expires_at and expires_at <= NOW then return nil end
  return flat
end

-- Of all keys but one, or of all: how many there are, whether one is of role admin, and whether one such is valid.
local function other_keys(but)
  local count, admin, valid_admin = 0, false, false
  for _, id in ipairs(call('ZRANGE', K .. 'keys', 0, -1)) do
    if id ~= but then
      count = count + 1
      local role, expires_at = unpack(call('HMGET', K .. 'key:' .. id, 'role', 'expires_at'))
      admin = admin or role == 'admin'
      valid_admin = valid_admin or role == 'admin' and not (expires_at and tonumber(expires_at) <= NOW)
    end
  end
  return count, admin, valid_admin
end
