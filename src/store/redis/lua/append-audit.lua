#!lua flags=allow-oom
-- Adds to the audit log. See store/audit.ts.
--
-- KEYS  the prefix
-- ARGV  time; then of each entry how many things beyond one it tells of, and its JSON
-- Reply nothing
-- Keeps an entry that is there from being added again.
--! engine

local more = 0
for i = 2, #ARGV, 2 do
  if call('ZADD', K .. 'audit', 'NX', next_seq(), ARGV[i + 1]) == 1 then more = more + tonumber(ARGV[i]) end
end
save_seq()
if more > 0 then call('HINCRBY', K .. 'n', 'audited_more', more) end
return ''
