#!lua flags=allow-oom
-- Pauses, resumes or limits a queue.
--
-- KEYS  the prefix
-- ARGV  time; queue; '1' to pause, '0' to resume; how many may run at once, or 'any'. '' leaves each as it is
-- Reply nothing
-- Keeps what runs from being touched; what may be claimed from now on is told of.
--! engine effects queues

local queue, paused, limit = ARGV[2], ARGV[3], ARGV[4]
local before = queue_setting(queue) or { paused = false }
local after = { paused = before.paused, limit = before.limit }
if paused ~= '' then after.paused = paused == '1' end
if limit ~= '' then after.limit = tonumber(limit) end -- nil for 'any'
save_queue_setting(queue, after)
changed('q', queue)
if queue_room(queue) ~= 0 and has_queued(queue) then work_came(queue) end
commit()
return ''
