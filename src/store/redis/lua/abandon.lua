#!lua flags=allow-oom
-- Decides, as lost, attempts of an owner that is known to be dead.
--
-- KEYS  the prefix
-- ARGV  time; owner; limit
-- Reply the runs; as many as the limit when there may be more
-- Keeps what others hold.
--! engine effects queues jobs runs leases attempts holding

note_contact()
local owner, reply = ARGV[2], {}
for _, seq in ipairs(call('ZRANGE', K .. 'h:' .. owner, 0, tonumber(ARGV[3]) - 1)) do
  local run = read_run(seq)
  if run and run.status == 'running' and run.owner == owner then
    reply[#reply + 1] = run_id(run)
    give_up(run, 'its worker has died')
  else
    index(K .. 'h:' .. owner, seq, false)
  end
end
commit()
return reply
