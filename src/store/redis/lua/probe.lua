#!lua
-- Writes, and adds: so that a Redis that is full or read-only says so.
--
-- KEYS  the prefix
-- ARGV  time
-- Reply 1
--! engine

call('HSET', K .. 'schema', 'probed', whole(NOW))
return 1
