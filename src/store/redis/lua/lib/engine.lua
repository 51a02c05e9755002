-- What every script begins with: its clock, its keys, its numbers.
--
-- KEYS[1] is the prefix of all keys, which is their hash tag: `{js}:`. No key has exactly that name; it tells a cluster
-- where the script belongs, and all keys that are built from it lie in the same slot.
-- ARGV[1], which the heads of scripts call the time, is `<installation>/<version>@<ms>`: to which installation the caller
-- belongs, empty while it does not know; up to which version of the data it knows them; and the time of a test, empty in production, where Redis's clock is the only clock.
local K = KEYS[1]
local call = redis.call

local INSTALLATION, KNOWN, TEST_TIME = string.match(ARGV[1], '^(.*)/(%d+)@(.*)$')

-- All was flushed, or somebody began anew here: whoever saw other jobs before must not go on as if they had been done.
-- And whoever was away while all others were upgraded would misread what these write.
if INSTALLATION ~= '' then
  local id, version = unpack(call('HMGET', K .. 'schema', 'id', 'version'))
  if id ~= INSTALLATION then return redis.error_reply('GONE the installation is not here any more') end
  if version ~= KNOWN and tonumber(version or 0) > tonumber(KNOWN) then
    return redis.error_reply('NEWER the data is of a version that is not known')
  end
end

local function clock()
  if TEST_TIME ~= '' then return tonumber(TEST_TIME) * 1000 end
  local time = call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local NOW_US = clock()
local NOW = math.floor(NOW_US / 1000)

-- Lua's own way to write a number keeps 14 digits, and a seq has 16. Numbers in arguments of a command are to be written
-- by this too: Redis would write them with all the digits of a fraction, at three times the cost.
local function whole(number)
  return string.format('%d', number)
end

local NOW_TEXT = whole(NOW)

-- A seq is always 16 digits, so that its order as text is its order in time.
local newest_seq = nil

local function next_seq()
  newest_seq = newest_seq or tonumber(call('GET', K .. 'seq') or 0)
  newest_seq = math.max(NOW_US, newest_seq + 1)
  return string.format('%016d', newest_seq)
end

-- When something of that seq was made, and whether its seq does not tell: seqs run ahead of the clock by as many µs as
-- things were made at once, and by more when it stepped back.
local SEQ_TELLS_MS = 1000

local function created_by(seq)
  local told = math.floor(tonumber(seq) / 1000)
  if math.abs(told - NOW) > SEQ_TELLS_MS then return NOW, true end
  return told, false
end

local function save_seq()
  if newest_seq then call('SET', K .. 'seq', whole(newest_seq)) end
end

-- Absent and '' are the same in arguments: nothing.
local function given(text)
  if text == '' then return nil end
  return text
end

local function given_number(text)
  return tonumber(text) -- nil for ''
end

-- Flat pairs, as HGETALL gives them, as a table.
local function to_table(flat)
  local pairs_of = {}
  for i = 1, #flat, 2 do pairs_of[flat[i]] = flat[i + 1] end
  return pairs_of
end

-- In steps, since a call takes at most some thousands of arguments.
local MOST_ARGUMENTS = 4000

local function call_with(command, key, arguments)
  for from = 1, #arguments, MOST_ARGUMENTS do
    call(command, key, unpack(arguments, from, math.min(from + MOST_ARGUMENTS - 1, #arguments)))
  end
end
