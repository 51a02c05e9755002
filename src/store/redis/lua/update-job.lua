#!lua
-- Gives a job a new version.
--
-- KEYS  the prefix
-- ARGV  time; job; the version that it must have, '' for any; facts and definition; next slot, '' for none, `keep`
-- Reply {'updated'} | {'not_found'} | {'conflict', version} | {'stale', now, last slot or ''}
-- Keeps the version rising by one, and the next slot after the engine's now and every slot that was dealt with.
--! engine effects queues jobs totals runs skipped

local _, id, if_version, text, next_slot = unpack(ARGV)
local job = read_living_job(id)
if not job then return { 'not_found' } end
-- A repeat of the call that made the newest version: its reply was lost.
if call('GET', definition_key(id)) == job.seq .. '|' .. text then return { 'updated' } end
if if_version ~= '' and tonumber(if_version) ~= job.version then return { 'conflict', job.version } end
-- A paused job gets its slot when it is resumed; a once job has none.
if job.paused or job.type == 'once' then next_slot = 'keep' end
local slot = given_number(next_slot)
if slot and slot <= math.max(NOW, job.last_slot or 0) then
  return { 'stale', NOW, job.last_slot and whole(job.last_slot) or '' }
end

local versions = K .. 'v:' .. id
call('HSET', versions, whole(job.version), whole(job.version_at or job.created_at or math.floor(tonumber(job.seq) / 1000)) .. '|' .. job.json)
call('HDEL', versions, whole(job.version - KEPT_VERSIONS + 1))
local fields = { version = job.version + 1, version_at = NOW, updated_at = NOW }
if next_slot ~= 'keep' then
  pass_over_due(job, fields)
  fields.next_slot = slot or false
  hint('s')
end
call('SET', definition_key(id), job.seq .. '|' .. text)
change_job(job, fields)
if job.type == 'cron' then trim_soon(id) end
commit()
return { 'updated' }
