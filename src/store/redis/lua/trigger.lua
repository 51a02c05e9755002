#!lua
-- A run by hand, through the overlap gate unless forced.
--
-- KEYS  the prefix
-- ARGV  time; job; request; fingerprint; trigger; '1' to force; the mark of the call
-- Reply {'triggered', run} | {'existing', run} | {'more'} | {'not_found'} | {'key_reused'} | {'overlap', live run}
-- Keeps a request at one run, for 24 hours.
--! engine effects queues jobs totals runs gate

local _, id, request, fingerprint, trigger, force, mark = unpack(ARGV)
local key = K .. 'u:' .. request
local at, run_before, made_by, by = string.match(call('GET', key) or '', '^(%d+)|([^|]*)|(%d*)|(.*)$')
if at and tonumber(at) > NOW - REQUEST_LIFE and find_run(run_before) then
  if by ~= fingerprint then return { 'key_reused' } end
  -- A repeat of the call that made the run: its reply was lost.
  return { made_by == mark and 'triggered' or 'existing', run_before }
end
local job = read_living_job(id)
if not job then return { 'not_found' } end
if force ~= '1' and not make_room(job) then
  commit()
  return { 'more' }
end
local run = pass_gate(job, { trigger = trigger, ready_at = NOW, force = force == '1' })
if not run then
  -- Room that was found for those that wait is theirs.
  commit()
  return { 'overlap', run_id(read_run(job.single and job.seq or first_live(open_key(id)))) }
end
call('SET', key, whole(NOW) .. '|' .. run_id(run) .. '|' .. mark .. '|' .. fingerprint, 'PX', REQUEST_LIFE)
commit()
return { 'triggered', run_id(run) }
