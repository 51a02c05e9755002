-- What goes for good: final runs with all their output, and jobs without runs.

local function is_final(run)
  return run.status ~= 'pending' and run.status ~= 'running'
end

-- Removes what an attempt wrote. Returns how many bytes that were.
local function remove_blocks(seq, attempt, output)
  if (output.kept or output.total or 0) == 0 then return 0 end
  local list, keys, size = blocks_key(seq, attempt), {}, 0
  for _, entry in ipairs(call('ZRANGE', list, 0, -1)) do
    local start, stop = string.match(entry, '^(%d+):(%d+)$')
    keys[#keys + 1] = block_key(seq, attempt, start)
    size = size + tonumber(stop) - tonumber(start)
  end
  if #keys == 0 then keys, size = { block_key(seq, attempt, 0) }, output.total end
  call_with('UNLINK', list, keys)
  if output.entry then call('XDEL', K .. 'outputs', output.entry .. '-0') end
  count('output', -size)
  return size
end

local function newest_output(run)
  return { total = run.output_total, kept = run.output_kept, entry = run.output_entry }
end

-- Of an archived attempt; nil when there is none.
local function archived_output(text)
  local parts, output = { string.match(text or '', ARCHIVED) }, {}
  if #parts == 0 then return nil end
  for i, name in ipairs(ATTEMPT_FIELDS) do output[name] = given(parts[i]) end
  return { total = given_number(output.output_total), kept = given_number(output.output_kept), entry = output.output_entry }
end

-- Removes a final run. Its job's list of runs is the caller's.
local function remove_run(run)
  remove_blocks(run.seq, whole(run.attempt), newest_output(run))
  for attempt = 1, run.attempt - 1 do
    local output = archived_output(call('HGET', attempts_key(run.seq), whole(attempt)))
    if output then remove_blocks(run.seq, whole(attempt), output) end
  end
  call('UNLINK', run_key(run.seq), attempts_key(run.seq))
  call('XDEL', K .. 'runs', run.seq .. '-0')
  if run.status == 'failed' then index(K .. 'failed', run.seq, false) end
  count('runs:' .. run.status, -1)
end

-- Removes a job that has no runs left.
local function remove_job(job)
  call('UNLINK', definition_key(job.id), job_key(job.id), K .. 'v:' .. job.id, K .. 'l:' .. job.id, open_key(job.id))
  call('SREM', K .. 'p:' .. string.sub(job.id, 1, 3), job.seq)
  call('ZREM', K .. 'ending', job.id)
  index(K .. 'trim', job.id, false)
  if not job.deleted_at then
    call('XDEL', K .. 'jobs', job.seq .. '-0')
    if job.name then call('HDEL', K .. 'names', job.name) end
    count(job_counter(job), -1)
  end
  changed('j', job.id)
end
