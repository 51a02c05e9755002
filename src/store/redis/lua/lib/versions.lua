-- Programs of several versions on one installation: see `installation.ts`.
--
-- `schema` has beside its `version` when programs that know up to a version were last seen, as `seen:<version>`.

local SCHEMA_KEY = K .. 'schema'

-- Every server and every worker comes here all the time. The installation's version rises to the newest that all know
-- who were seen of late.
local function note_program()
  call('HSET', SCHEMA_KEY, 'seen:' .. KNOWN, NOW_TEXT)
  local version, known = tonumber(call('HGET', SCHEMA_KEY, 'version') or 0), tonumber(KNOWN)
  for each = version, known do
    local seen = tonumber(call('HGET', SCHEMA_KEY, 'seen:' .. each) or 0)
    if seen > NOW - VERSION_RISES_AFTER then
      if each > version then call('HSET', SCHEMA_KEY, 'version', each) end
      return
    end
  end
end
