#!lua flags=allow-oom
-- Adds to the audit log. See store/audit.ts.
--
-- KEYS  the prefix
-- ARGV  time; then entries, as JSON
-- Reply nothing
-- Keeps an entry that is there from being added again.
--! engine

for i = 2, #ARGV do call('ZADD', K .. 'audit', 'NX', next_seq(), ARGV[i]) end
save_seq()
return ''
