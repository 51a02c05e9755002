#!lua flags=allow-oom
-- Writes, so that the connection has written something after all that is there: `WAIT` then answers for all of that, also
-- for what another connection wrote, or this one before a reply was lost. See replication.ts.
--
-- KEYS  the prefix
-- ARGV  time
-- Reply 1
--! engine

call('HSET', K .. 'schema', 'marked', whole(NOW))
return 1
