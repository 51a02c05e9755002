-- What has happened since the installation began: the kinds and keys of src/store/totals.ts.

local function count_end(status, reason)
  count('ended:' .. status .. (reason and ':' .. reason or ''), 1)
end

-- kind: 'lateness' or 'duration'. A length below 0 is none: a clock has stepped back.
local function count_length(kind, bounds, length)
  length = math.max(0, math.floor(length + 0.5))
  local bucket = BEYOND
  for _, bound in ipairs(bounds) do
    if length <= bound then
      bucket = whole(bound)
      break
    end
  end
  count(kind .. ':' .. bucket, 1)
  count(kind .. ':sum', length)
end

-- due, late_at: the run's, where it has them. Of its first start, which is now.
local function count_start(due, late_at)
  if due then count_length('lateness', LATENESS_BOUNDS, NOW - due) end
  if late_at and NOW > late_at then count('happened:late', 1) end
end

-- duration_ms: as text, nil where nobody measured it.
local function count_duration(duration_ms)
  if duration_ms then count_length('duration', DURATION_BOUNDS, tonumber(duration_ms)) end
end
