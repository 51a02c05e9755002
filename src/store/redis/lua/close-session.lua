#!lua flags=allow-oom
-- Ends a session.
--
-- KEYS  the prefix
-- ARGV  time; hash
-- Reply nothing
--! engine

call('DEL', K .. 'session:' .. ARGV[2])
return ''
