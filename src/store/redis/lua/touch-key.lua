#!lua flags=allow-oom
-- Notes that a key was used.
--
-- KEYS  the prefix
-- ARGV  time; id
-- Reply nothing
-- Keeps one that is gone from coming back.
--! engine

if call('EXISTS', K .. 'key:' .. ARGV[2]) == 1 then call('HSET', K .. 'key:' .. ARGV[2], 'last_used_at', NOW_TEXT) end
return ''
