-- Queues that people paused or limited. Where none is, a script asks that once and no more.

local QUEUES_KEY = K .. 'queues'
local any_setting = nil

-- queue → what is set of it; false for nothing.
local settings = {}

local function queue_setting(queue)
  if any_setting == nil then any_setting = call('EXISTS', QUEUES_KEY) == 1 end
  if not any_setting then return false end
  if settings[queue] == nil then
    local paused, limit = string.match(call('HGET', QUEUES_KEY, queue) or '', '^(p?):(%d*)$')
    settings[queue] = paused and { paused = paused == 'p', limit = tonumber(limit) } or false
  end
  return settings[queue]
end

-- setting: one that says nothing is none.
local function save_queue_setting(queue, setting)
  if setting.paused or setting.limit then
    call('HSET', QUEUES_KEY, queue, (setting.paused and 'p' or '') .. ':' .. (setting.limit and whole(setting.limit) or ''))
    any_setting = true
  else
    call('HDEL', QUEUES_KEY, queue)
  end
  settings[queue] = setting
end

-- How many more of its runs may be claimed; false without a limit.
local function queue_room(queue)
  local setting = queue_setting(queue)
  if not setting then return false end
  if setting.paused then return 0 end
  if not setting.limit then return false end
  local running = tonumber(call('HGET', K .. 'n', 'running:' .. queue) or 0) + running_so_far(queue)
  return math.max(0, setting.limit - running)
end

local function has_queued(queue)
  return call('EXISTS', K .. 'q:' .. queue) == 1
end

-- A run of it has stopped running: where that made room, there is work for whoever found none before.
local function room_came(queue)
  local room = queue_room(queue)
  if room and room > 0 and has_queued(queue) then work_came(queue) end
end
