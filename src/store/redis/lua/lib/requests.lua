-- Requests to create jobs, so that a repeat is told from a misuse of its key.

-- false when the key is another request's. One that has been forgotten may be used again.
local function remember_request(key, fingerprint)
  local known = call('GET', K .. 'i:' .. key)
  local at, by = string.match(known or '', '^(%d+)|(.*)$')
  if at and tonumber(at) > NOW - REQUEST_LIFE then return by == fingerprint end
  call('SET', K .. 'i:' .. key, whole(NOW) .. '|' .. fingerprint, 'PX', REQUEST_LIFE)
  return true
end
