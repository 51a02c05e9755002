/** Made by scripts/generate-redis-scripts.ts from lua/. Do not edit. */

/** What scripts are built on, the constants before all. */
export const PARTS = {
  constants: `local MOVES = { pending = { claim = 'running', adopt = 'running', cancel = 'cancelled', skip = 'skipped' }, running = { succeed = 'succeeded', fail = 'failed', retry = 'pending', release = 'pending', cancel = 'cancelled' } }
local RUN_FIELDS = { job = 'j', number = 'n', name = 'nm', type = 'y', status = 's', reason = 'r', detail = 'd', trigger = 't', scheduled_for = 'sf', created_at = 'ca', started_at = 'st', finished_at = 'fi', queue = 'q', priority = 'p', place = 'pl', ready_at = 'ra', late_at = 'lt', attempt = 'a', fence = 'f', contact_lost_at = 'cl', cancel_reason = 'x', cancelled_by = 'xb', skipped_first = 'k1', skipped_last = 'k2', skipped_count = 'kc', skipped_at_least = 'ka', owner = 'o', attempt_fence = 'fa', worker = 'w', version = 'v', attempt_started_at = 'as', attempt_finished_at = 'af', duration_ms = 'du', outcome = 'oc', decided = 'de', output_limit = 'ol', output_total = 'ot', output_kept = 'ok', output_entry = 'oe', lost_after = 'la', lost_retries = 'lr' }
local RUN_FIELD_NAMES = { j = 'job', n = 'number', nm = 'name', y = 'type', s = 'status', r = 'reason', d = 'detail', t = 'trigger', sf = 'scheduled_for', ca = 'created_at', st = 'started_at', fi = 'finished_at', q = 'queue', p = 'priority', pl = 'place', ra = 'ready_at', lt = 'late_at', a = 'attempt', f = 'fence', cl = 'contact_lost_at', x = 'cancel_reason', xb = 'cancelled_by', k1 = 'skipped_first', k2 = 'skipped_last', kc = 'skipped_count', ka = 'skipped_at_least', o = 'owner', fa = 'attempt_fence', w = 'worker', v = 'version', as = 'attempt_started_at', af = 'attempt_finished_at', du = 'duration_ms', oc = 'outcome', de = 'decided', ol = 'output_limit', ot = 'output_total', ok = 'output_kept', oe = 'output_entry', la = 'lost_after', lr = 'lost_retries' }
local ATTEMPT_FIELDS = { 'version', 'attempt_fence', 'owner', 'worker', 'attempt_started_at', 'attempt_finished_at', 'duration_ms', 'decided', 'output_limit', 'output_total', 'output_kept', 'output_entry', 'outcome' }
local JOB_FIELDS = { created_at = 'ca', version = 'v', version_at = 'va', updated_at = 'ua', paused = 'pz', next_slot = 'ns', last_slot = 'ls', last_number = 'n', last_run = 'lr', deleted_at = 'del', deleted_by = 'db', done = 'dn' }
local JOB_FIELD_NAMES = { ca = 'created_at', v = 'version', va = 'version_at', ua = 'updated_at', pz = 'paused', ns = 'next_slot', ls = 'last_slot', n = 'last_number', lr = 'last_run', del = 'deleted_at', db = 'deleted_by', dn = 'done' }
local STATUS_CODES = { pending = 'p', running = 'r', succeeded = 's', failed = 'f', cancelled = 'c', skipped = 'k' }
local STATUS_NAMES = { p = 'pending', r = 'running', s = 'succeeded', f = 'failed', c = 'cancelled', k = 'skipped' }
local PLACE_CODES = { queue = 'q', delay = 'd', turn = 't' }
local PLACE_NAMES = { q = 'queue', d = 'delay', t = 'turn' }
local TRIGGER_CODES = { schedule = 's', submit = 'u', manual = 'm', retry = 'r' }
local TRIGGER_NAMES = { s = 'schedule', u = 'submit', m = 'manual', r = 'retry' }
local MOST_ITEMS, MOST_WAITING, KEPT_VERSIONS = 250, 100, 10
local LEASE, LOST_AFTER = 15000, 60
local OUTPUT_LIMIT, BLOCK_BYTES = 1048576, 65536
local SECOND, REQUEST_LIFE = 1000, 86400000`,
  attempts: `local ARCHIVED = '^' .. string.rep('([^|]*)|', #ATTEMPT_FIELDS - 1) .. '(.*)$'
local LEASE_KEY = K .. 'lease'
local HELD_KEY = names_by(K .. 'h:')
local function attempts_key(seq)
  return K .. 'a:' .. seq
end
local function put_archived(seq, number, fields)
  local parts = {}
  for i, name in ipairs(ATTEMPT_FIELDS) do
    local value = fields[name] or ''
    parts[i] = type(value) == 'number' and whole(value) or value
  end
  call('HSET', attempts_key(seq), whole(number), table.concat(parts, '|'))
end
local function archive_attempt(run)
  run.attempt_fence = run.attempt_fence or run.fence
  run.attempt_started_at = run.attempt_started_at or run.started_at
  put_archived(run.seq, run.attempt, run)
end
local function unarchived(seq, number)
  local key, fields = attempts_key(seq), {}
  local parts = { string.match(call('HGET', key, whole(number)), ARCHIVED) }
  for i, name in ipairs(ATTEMPT_FIELDS) do fields[name] = given(parts[i]) or false end
  call('HDEL', key, whole(number))
  return fields
end
local function no_attempt()
  local fields = {}
  for _, name in ipairs(ATTEMPT_FIELDS) do fields[name] = false end
  return fields
end
local function begin_attempt(run, job, event, held)
  if run.attempt > 0 then archive_attempt(run) end
  run.single = job.single
  local fields = run.attempt > 0 and no_attempt() or {}
  fields.place = false
  if run.attempt > 0 then fields.attempt = run.attempt + 1 else run.attempt = 1 end
  if held.fence ~= run.attempt or run.fence > 0 then fields.fence = held.fence else run.fence = held.fence end
  fields.owner = held.owner
  fields.worker = held.worker
  if job.version ~= 1 then fields.version = job.version else run.version = 1 end
  fields.output_limit = job.output_limit or false
  fields.lost_after = job.lost_after or false
  fields.lost_retries = job.lost_retries or false
  if run.started_at then fields.attempt_started_at = NOW else fields.started_at = NOW end
  move_run(run, event, fields)
  index(LEASE_KEY, run.seq, LEASE_NOW + LEASE)
  index(HELD_KEY[held.owner], run.seq, held.claim or 0)
end
local function let_go(run)
  index(LEASE_KEY, run.seq, false)
  index(HELD_KEY[run.owner], run.seq, false)
end
local function event_of(run, ending)
  if ending.status == 'succeeded' then return 'succeed' end
  if ending.status == 'cancelled' or run.cancel_reason then return 'cancel' end
  return ending.retry_at and 'retry' or 'fail'
end
local function end_attempt(run, ending)
  let_go(run)
  local event = event_of(run, ending)
  local fields = {
    contact_lost_at = false,
    duration_ms = ending.duration_ms or false,
    outcome = ending.outcome or false,
    decided = ending.decided and '1' or false,
  }
  if (run.output_kept or run.output_total or 0) > 0 then
    fields.output_entry = next_seq()
    call('XADD', K .. 'outputs', fields.output_entry, 'a', run.seq .. ':' .. whole(run.attempt))
  end
  if event == 'retry' then
    fields.ready_at = math.max(ending.retry_at, NOW)
    fields.place = place_at(fields.ready_at)
    fields.attempt_finished_at = ending.finished_at
  else
    fields.finished_at = ending.finished_at
    if event == 'cancel' then
      fields.reason = run.cancel_reason or 'requested'
      fields.detail = ending.detail or false
    elseif event == 'fail' then
      fields.reason = ending.reason
      fields.detail = ending.detail or false
    end
  end
  move_run(run, event, fields)
end
local function give_back(run)
  let_go(run)
  call('HSET', attempts_key(run.seq), 'r' .. whole(run.fence), run.owner)
  local attempt = run.attempt - 1
  local fields = attempt > 0 and unarchived(run.seq, attempt) or no_attempt()
  fields.attempt = attempt > 0 and attempt or false
  fields.fence = run.fence
  fields.contact_lost_at = false
  if attempt == 0 then fields.started_at = false end
  if run.cancel_reason then
    fields.reason = run.cancel_reason
    fields.finished_at = NOW
    move_run(run, 'cancel', fields)
  else
    fields.place = place_at(run.ready_at)
    move_run(run, 'release', fields)
  end
end
local function ended_before(run, owner, fence)
  if not run then return 'lost' end
  if run.status ~= 'running' and run.attempt > 0 and run.owner == owner and not run.decided
    and (run.attempt_fence or run.fence) == fence then
    return 'duplicate'
  end
  local flat = call('HGETALL', attempts_key(run.seq))
  for i = 1, #flat, 2 do
    if flat[i] == 'r' .. whole(fence) and flat[i + 1] == owner then return 'duplicate' end
    local _, at, by, _, _, _, _, decided = string.match(flat[i + 1], ARCHIVED)
    if tonumber(at) == fence and by == owner and decided == '' then return 'duplicate' end
  end
  return 'lost'
end`,
  birth: `local USUAL_SCORE = queue_score({ priority = 0, ready_at = NOW })
local function bear_common(job, run_at)
  if run_at ~= '' or job.name or job.queue ~= 'default' or job.priority ~= 0 then return false end
  local _, untold = created_by(job.seq)
  if untold then return false end
  call('HSET', run_key(job.seq), RUN_FIELDS.job, job.id)
  call('XADD', RUNS_KEY, job.seq, 'r', '')
  index(QUEUE_KEY.default, job.seq, USUAL_SCORE)
  count_state('pending', 'default', 1)
  work_came('default')
  run_and_job_changed(job.seq, job.id, 1)
  return true
end`,
  claiming: `local function claimable(queues, limit)
  local found = {}
  for _, queue in ipairs(queues) do
    local most = math.min(limit, queue_room(queue) or limit)
    if most > 0 then
      local flat = call('ZRANGE', K .. 'q:' .. queue, 0, most - 1, 'WITHSCORES')
      for i = 1, #flat, 2 do found[#found + 1] = { seq = flat[i], score = tonumber(flat[i + 1]), queue = queue } end
    end
  end
  if #queues > 1 then
    table.sort(found, function(a, b)
      if a.score ~= b.score then return a.score < b.score end
      return a.seq < b.seq
    end)
  end
  return found
end
local function promote(limit)
  local ready = call('ZRANGEBYSCORE', K .. 'delay', '-inf', NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #ready) do
    local run = read_run(ready[i])
    admit_run(run, run.ready_at)
  end
  return #ready > limit
end
local function claimed(run, version, json)
  return table.concat({
    run.job, run.number, run.fence, run.attempt, run.trigger, run.scheduled_for and whole(run.scheduled_for) or '',
    version, run.cancel_reason and '1' or '', run.name or '', json,
  }, '|')
end
local function executed(run, job)
  if run.version == job.version then return job.json end
  local kept = call('HGET', K .. 'v:' .. job.id, whole(run.version))
  return kept and string.match(kept, '^%d+|(.*)$') or job.json
end
local function claim_again(request)
  local key = K .. 'h:' .. request.owner
  local held = {}
  for _, seq in ipairs(call('ZRANGEBYSCORE', key, request.number, request.number)) do
    held[#held + 1] = read_run(seq)
  end
  table.sort(held, function(a, b)
    local score_a, score_b = queue_score(a), queue_score(b)
    if score_a ~= score_b then return score_a < score_b end
    return a.seq < b.seq
  end)
  local list = {}
  for i, run in ipairs(held) do
    renew_lease(run)
    local job = read_job(run.job)
    list[i] = claimed(run, run.version, executed(run, job))
  end
  return list, #claimable(request.queues, 1) > 0
end
local function claim_runs(request)
  local late = promote(MOST_ITEMS)
  flush_indexes()
  local key = K .. 'c:' .. request.owner
  local newest = tonumber(call('GET', key) or 0)
  if request.number < newest then return {}, false end
  if request.number == newest then return claim_again(request) end
  call('SET', key, whole(request.number), 'EX', 86400)
  local found = claimable(request.queues, request.limit + 1)
  local list, jobs = {}, {}
  local function claim_run(seq)
    local run = read_run(seq)
    local job = jobs[run.job] or read_job(run.job)
    jobs[run.job] = job
    if job.deleted_at then
      end_pending(run, 'deleted')
    else
      begin_attempt(run, job, 'claim', {
        fence = run.fence + 1,
        owner = request.owner,
        worker = request.worker,
        claim = request.number,
      })
      list[#list + 1] = claimed(run, job.version, job.json)
    end
  end
  for i = 1, math.min(request.limit, #found) do
    local common = begin_common(found[i].seq, request)
    if common then list[#list + 1] = common else claim_run(found[i].seq) end
  end
  local more = #found > request.limit
  for _, queue in ipairs(request.queues) do
    local full = queue_room(queue) == 0
    if (more or late) and not full then
      marked[queue] = true
    elseif #found == 0 or full then
      marked[queue] = nil
      call('DEL', K .. 'm:' .. queue)
    end
  end
  return list, more or late
end
local function claim_request(at)
  local queues = {}
  for i = 1, tonumber(ARGV[at + 4]) do queues[i] = ARGV[at + 4 + i] end
  return {
    owner = ARGV[at],
    worker = ARGV[at + 1],
    limit = tonumber(ARGV[at + 2]),
    number = tonumber(ARGV[at + 3]),
    queues = queues,
  }
end`,
  common: `local ONLY_A_JOB = 2
local function begin_common(seq, request)
  local flat = call('HGETALL', run_key(seq))
  if #flat ~= ONLY_A_JOB then return nil end
  local id = flat[2]
  local text = call('GET', definition_key(id))
  if call('EXISTS', job_key(id)) == 1 then return nil end
  local job = parse_job(id, text)
  if job.output_limit or job.lost_after or job.lost_retries then return nil end
  call('HSET', run_key(seq), RUN_FIELDS.status, STATUS_CODES.running, RUN_FIELDS.owner, request.owner,
    RUN_FIELDS.worker, request.worker, RUN_FIELDS.started_at, NOW)
  index(QUEUE_KEY.default, seq, false)
  index(LEASE_KEY, seq, LEASE_NOW + LEASE)
  index(HELD_KEY[request.owner], seq, request.number)
  count_state('pending', 'default', -1)
  count_state('running', 'default', 1)
  run_and_job_changed(seq, id, 1)
  return id .. '|1|1|1|submit||1|||' .. job.json
end
local function end_common(owner, id, fence, duration_ms, finished_at)
  if fence ~= '1' or string.sub(id, 37) ~= '.1' then return nil end
  local job_id = string.sub(id, 1, 36)
  local birth = call('GETRANGE', definition_key(job_id), 0, 17)
  if string.sub(birth, 18) ~= 'o' then return nil end
  local seq = string.sub(birth, 1, 16)
  local status, by, raised, attempt, lost, queue, wrote = unpack(call('HMGET', run_key(seq), RUN_FIELDS.status,
    RUN_FIELDS.owner, RUN_FIELDS.fence, RUN_FIELDS.attempt, RUN_FIELDS.contact_lost_at, RUN_FIELDS.queue,
    RUN_FIELDS.output_total))
  if status ~= STATUS_CODES.running or by ~= owner or raised or attempt or lost or wrote then return nil end
  if call('HGET', job_key(job_id), JOB_FIELDS.last_number) then return nil end
  queue = queue or 'default'
  call('HSET', run_key(seq), RUN_FIELDS.status, STATUS_CODES.succeeded, RUN_FIELDS.finished_at, finished_at,
    RUN_FIELDS.duration_ms, duration_ms)
  index(LEASE_KEY, seq, false)
  index(HELD_KEY[owner], seq, false)
  count_state('running', queue, -1)
  count_state('succeeded', queue, 1)
  room_came(queue)
  run_and_job_changed(seq, job_id, 1)
  note_done(job_id, seq, true, true)
  return 'ok'
end`,
  effects: `local CHANGES_KEPT = 10000
local counts = {}
local indexes = {}
local changes, change_lines, change_known, change_count = {}, 0, {}, 0
local hints, hint_known = {}, {}
local marked = {}
local function count(field, by)
  counts[field] = (counts[field] or 0) + by
end
local function flush_index(key, entry)
  if entry.out_count > 0 then call_with('ZREM', key, entry.out) end
  if entry.put_count > 0 then call_with('ZADD', key, entry.put) end
end
local function index(key, member, score)
  local entry = indexes[key]
  if not entry then
    entry = { out = {}, out_count = 0, put = {}, put_count = 0 }
    indexes[key] = entry
  end
  if score then
    local at = entry.put_count
    entry.put[at + 1], entry.put[at + 2] = score, member
    entry.put_count = at + 2
    return
  end
  if entry.put_count > 0 then
    flush_index(key, entry)
    entry.out, entry.out_count, entry.put, entry.put_count = {}, 0, {}, 0
  end
  entry.out_count = entry.out_count + 1
  entry.out[entry.out_count] = member
end
local function flush_indexes()
  for key, entry in pairs(indexes) do flush_index(key, entry) end
  indexes = {}
end
local function tell_change(line, how_many)
  change_lines = change_lines + 1
  changes[change_lines] = line
  change_count = change_count + how_many
end
local function changed(kind, ref)
  if change_known[ref] then return end
  change_known[ref] = true
  tell_change(kind .. ref, 1)
end
local function run_changed(seq, job, number)
  if change_known[seq] then return end
  change_known[seq] = true
  tell_change('r' .. job .. '.' .. number, 1)
end
local function run_and_job_changed(seq, job, number)
  if change_known[seq] or change_known[job] then
    run_changed(seq, job, number)
    changed('j', job)
    return
  end
  change_known[seq], change_known[job] = true, true
  tell_change('b' .. job .. '.' .. number, 2)
end
local function hint(text)
  if hint_known[text] then return end
  hint_known[text] = true
  hints[#hints + 1] = text
end
local function work_came(queue)
  marked[queue] = true
  hint('w' .. queue)
end
local function commit()
  flush_indexes()
  for field, by in pairs(counts) do
    if by ~= 0 then call('HINCRBY', K .. 'n', field, by) end
  end
  for queue in pairs(marked) do call('ZADD', K .. 'm:' .. queue, 0, 'w') end
  if change_count > 0 then
    local newest = call('HINCRBY', K .. 'n', 'changes', change_count)
    local oldest = math.max(0, newest - CHANGES_KEPT)
    call('XADD', K .. 'changes', 'MINID', '~', whole(oldest), whole(newest) .. '-0', 'c', table.concat(changes, '\\n'))
    hint('n')
  end
  if #hints > 0 then call('PUBLISH', K .. 'hints', table.concat(hints, '\\n')) end
  save_seq()
end`,
  ending: `local function running_runs(job)
  local seqs = { job.seq }
  if not job.single then
    seqs = call('ZRANGEBYSCORE', open_key(job.id), ASKED_TO_END, RUNNING, 'LIMIT', 0, MOST_ITEMS)
  end
  local ids = {}
  for _, seq in ipairs(seqs) do
    local run = read_run(seq)
    if run and run.status == 'running' then ids[#ids + 1] = run_id(run) end
  end
  return ids
end
local function end_deleted(limit)
  local jobs = call('ZRANGE', K .. 'ending', 0, 1)
  if #jobs == 0 then return false end
  local done = end_open_runs(read_job(jobs[1]), 'deleted', limit)
  if done then call('ZREM', K .. 'ending', jobs[1]) end
  return not done or #jobs > 1
end`,
  engine: `local K = KEYS[1]
local call = redis.call
local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) * 1000 end
  local time = call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local NOW_US = clock()
local NOW = math.floor(NOW_US / 1000)
local function whole(number)
  return string.format('%.0f', number)
end
local newest_seq = nil
local function next_seq()
  newest_seq = newest_seq or tonumber(call('GET', K .. 'seq') or 0)
  newest_seq = math.max(NOW_US, newest_seq + 1)
  return string.format('%016.0f', newest_seq)
end
local SEQ_TELLS_MS = 1000
local function created_by(seq)
  local told = math.floor(tonumber(seq) / 1000)
  if math.abs(told - NOW) > SEQ_TELLS_MS then return NOW, true end
  return told, false
end
local function save_seq()
  if newest_seq then call('SET', K .. 'seq', whole(newest_seq)) end
end
local function given(text)
  if text == '' then return nil end
  return text
end
local function given_number(text)
  return tonumber(text) -- nil for ''
end
local function to_table(flat)
  local pairs_of = {}
  for i = 1, #flat, 2 do pairs_of[flat[i]] = flat[i + 1] end
  return pairs_of
end
local MOST_ARGUMENTS = 4000
local function call_with(command, key, arguments)
  for from = 1, #arguments, MOST_ARGUMENTS do
    call(command, key, unpack(arguments, from, math.min(from + MOST_ARGUMENTS - 1, #arguments)))
  end
end`,
  gate: `local function flag_run(run, reason)
  hint('c' .. run_id(run))
  if not run.cancel_reason then change_run(run, { cancel_reason = reason }) end
end
local function end_pending(run, reason)
  local event = reason == 'replaced' and run.attempt == 0 and 'skip' or 'cancel'
  move_run(run, event, { reason = reason, place = false, finished_at = NOW })
end
local function end_open_runs(job, reason, limit)
  local open = { job.seq }
  if not job.single then
    open = call('ZREVRANGEBYSCORE', open_key(job.id), '+inf', RUNNING, 'LIMIT', 0, limit + 1)
  end
  for i = 1, math.min(limit, #open) do
    local run = read_run(open[i])
    if run and run.status == 'running' then
      flag_run(run, reason)
    elseif run and run.status == 'pending' then
      end_pending(run, reason)
    end
  end
  return #open <= limit
end
local function admit(policy, live, waiting)
  if policy == 'allow' or (live == 0 and waiting == 0) then return 'admit' end
  if policy == 'skip' then return 'skip', 'overlap' end
  if policy == 'replace' then return 'replace' end
  if waiting < MOST_WAITING then return 'wait' end
  return 'skip', 'overlap_full'
end
local function make_room(job)
  return job.overlap ~= 'replace' or end_open_runs(job, 'replaced', MOST_ITEMS)
end
local function pass_gate(job, wanted)
  local admission, reason = 'admit', nil
  if not wanted.force then admission, reason = admit(job.overlap, open_counts(job)) end
  if admission == 'skip' then return nil, reason end
  if admission == 'replace' then end_open_runs(job, 'replaced', MOST_ITEMS) end
  local waits = admission == 'wait' or (admission == 'replace' and open_counts(job) > 0)
  return bear_run(job, {
    status = 'pending',
    trigger = wanted.trigger,
    scheduled_for = wanted.scheduled_for,
    ready_at = wanted.ready_at,
    place = waits and 'turn' or place_at(wanted.ready_at),
  })
end`,
  guard: `local function guarded(step, ...)
  local ok, answer = pcall(step, ...)
  if ok then return answer end
  if type(answer) == 'table' then answer = answer.err end
  return { 'failed', tostring(answer) }
end`,
  holding: `local function held_run(owner, id, fence)
  local run = find_run(id)
  local held = run and run.status == 'running' and run.owner == owner and run.fence == fence
  return held and run or nil, run
end
local function held_or_adopted_run(owner, id, fence)
  local held, run = held_run(owner, id, fence)
  if held or not run or run.status ~= 'pending' or run.fence >= fence then return held, run end
  local worker = call('HGET', K .. 'w:' .. owner, 'name') or owner
  begin_attempt(run, read_job(run.job), 'adopt', { owner = owner, worker = worker, fence = fence })
  return run, run
end
local function renew_lease(run)
  index(K .. 'lease', run.seq, LEASE_NOW + LEASE)
  if run.contact_lost_at then change_run(run, { contact_lost_at = false }) end
end
local function give_up(run, detail)
  end_attempt(run, {
    status = 'failed',
    reason = 'lost',
    detail = detail,
    outcome = '{"status":"failed","reason":"lost","detail":"' .. detail .. '"}',
    retry_at = run.attempt <= (run.lost_retries or 0) and NOW or nil,
    finished_at = NOW,
    decided = true,
  })
end`,
  jobs: `local FACTS = '^(.)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|$'
local STORED = '^(%d+)|([^{]*|)%d*(.*)$'
local function job_key(id)
  return K .. 'j:' .. id
end
local function definition_key(id)
  return K .. 'd:' .. id
end
local facts_known = {}
local function parse_facts(text)
  local kind, name, queue, priority, overlap, late_after, lost_after, lost_retries, output_limit =
    string.match(text, FACTS)
  local facts = {
    type = kind == 'c' and 'cron' or 'once',
    name = given(name),
    queue = given(queue) or 'default',
    priority = given_number(priority) or 0,
    overlap = given(overlap) or 'skip',
    late_after = given_number(late_after),
    lost_after = given(lost_after),
    lost_retries = given(lost_retries),
    output_limit = given(output_limit),
  }
  facts_known[text] = { __index = facts }
  return facts_known[text]
end
local function parse_job(id, text)
  local seq, facts, json = string.match(text, STORED)
  return setmetatable({ id = id, seq = seq, json = json }, facts_known[facts] or parse_facts(facts))
end
local function read_job(id)
  local text = call('GET', definition_key(id))
  if not text then return nil end
  local job = parse_job(id, text)
  local state = call('HGETALL', job_key(id))
  for i = 1, #state, 2 do
    local field = JOB_FIELD_NAMES[state[i]]
    job[field] = field == 'done' and state[i + 1] or tonumber(state[i + 1])
  end
  job.single = job.type == 'once' and not job.last_number
  if job.single then
    job.last_number = 1
    job.last_run = tonumber(job.seq)
  end
  job.version = job.version or 1
  job.last_number = job.last_number or 0
  return job
end
local function read_living_job(id)
  local job = read_job(id)
  return job and not job.deleted_at and job or nil
end
local function save_job(job, fields)
  local set, gone = {}, {}
  for name, value in pairs(fields) do
    if value == false then
      gone[#gone + 1] = JOB_FIELDS[name]
      job[name] = nil
    else
      set[#set + 1] = JOB_FIELDS[name]
      set[#set + 1] = type(value) == 'number' and whole(value) or value
      job[name] = value
    end
  end
  if #gone > 0 then call('HDEL', job_key(job.id), unpack(gone)) end
  if #set > 0 then call('HSET', job_key(job.id), unpack(set)) end
end
local function job_counter(job)
  if job.type == 'once' then return 'jobs:once' end
  if job.paused then return 'jobs:paused' end
  return job.next_slot and 'jobs:scheduled' or 'jobs:finished'
end
local function change_job(job, fields)
  if not job.deleted_at then count(job_counter(job), -1) end
  save_job(job, fields)
  if not job.deleted_at then count(job_counter(job), 1) end
  if job.type == 'cron' then index(K .. 'due', job.id, job.next_slot or false) end
  changed('j', job.id)
end
local function trim_soon(job_id)
  index(K .. 'trim', job_id, NOW)
end`,
  leases: `local LEASE_NOW
local LEASE_SHIFT
local GRACE
local function note_contact()
  local last, shift, grace = unpack(call('HMGET', K .. 'contact', 'last', 'shift', 'grace'))
  last, shift, grace = tonumber(last or NOW), tonumber(shift or 0), tonumber(grace or 0)
  local gap = NOW - last
  if gap < 0 then shift = shift - gap end
  if gap < 0 or gap > LEASE / 2 then grace = NOW + shift + LEASE end
  LEASE_NOW, LEASE_SHIFT, GRACE = NOW + shift, shift, grace
  call('HSET', K .. 'contact', 'last', whole(NOW), 'shift', whole(shift), 'grace', whole(grace))
end`,
  output: `local FRAME_HEADER = 11
local function to_blocks(encoded, offset, skip, head)
  local blocks, open = {}, nil
  local at, position = offset, 1
  while position <= #encoded do
    local length = struct.unpack('>I4', encoded, position + 7)
    local head_of_frame = string.sub(encoded, position, position + 6)
    local first = position + FRAME_HEADER
    local left = length
    position = first + length
    if skip > 0 then
      local cut = math.min(skip, left)
      skip, left, first, at = skip - cut, left - cut, first + cut, at + cut
    end
    while left > 0 do
      if open and (at == head or open.encoded + FRAME_HEADER >= BLOCK_BYTES) then open = nil end
      if not open then
        open = { start = at, size = 0, encoded = 0, parts = {} }
        blocks[#blocks + 1] = open
      end
      local room = BLOCK_BYTES - open.encoded - FRAME_HEADER
      if at < head then room = math.min(room, head - at) end
      local taken = math.min(room, left)
      open.parts[#open.parts + 1] = head_of_frame .. struct.pack('>I4', taken)
      open.parts[#open.parts + 1] = string.sub(encoded, first, first + taken - 1)
      open.encoded = open.encoded + FRAME_HEADER + taken
      open.size = open.size + taken
      first, left, at = first + taken, left - taken, at + taken
    end
  end
  return blocks
end
local function frames_size(encoded)
  local size, position = 0, 1
  while position <= #encoded do
    local length = struct.unpack('>I4', encoded, position + 7)
    size = size + length
    position = position + FRAME_HEADER + length
  end
  return size
end
local function kept_from(limit, total)
  local head = math.floor(limit / 4)
  return math.max(head, total - (limit - head)), head
end
local function blocks_key(seq, attempt)
  return K .. 'b:' .. seq .. ':' .. attempt
end
local function block_key(seq, attempt, start)
  return K .. 't:' .. seq .. ':' .. attempt .. ':' .. start
end
local function append_output(run, offset, encoded)
  local total, attempt = run.output_total or 0, whole(run.attempt)
  local kept = run.output_kept or total
  local limit = run.output_limit or OUTPUT_LIMIT
  local size = frames_size(encoded)
  local last = offset + size
  if size > 0 and last <= total then return 'duplicate' end
  local new_total = math.max(last, total)
  local before = kept_from(limit, total)
  local after, head = kept_from(limit, new_total)
  local list = blocks_key(run.seq, attempt)
  local blocks = to_blocks(encoded, offset, math.max(0, total - offset), head)
  local known = call('ZRANGE', list, -1, -1)[1]
  local listed = known ~= nil
  if not known and total > 0 and kept == total then known = '0:' .. whole(total) end
  local added = 0
  for i, block in ipairs(blocks) do
    local text = table.concat(block.parts)
    added = added + block.size
    local start, stop = string.match(known or '', '^(%d+):(%d+)$')
    local key = start and block_key(run.seq, attempt, start)
    if i == 1 and start and tonumber(stop) == block.start and block.start ~= head
      and call('STRLEN', key) + #text <= BLOCK_BYTES then
      call('APPEND', key, text)
      if listed then call('ZREM', list, known) end
      known = start .. ':' .. whole(block.start + block.size)
      if listed then call('ZADD', list, start, known) end
    else
      call('SET', block_key(run.seq, attempt, whole(block.start)), text)
      local entry = whole(block.start) .. ':' .. whole(block.start + block.size)
      if known and not listed then call('ZADD', list, start, known) end
      if known or block.start > 0 then
        call('ZADD', list, whole(block.start), entry)
        listed = true
      end
      known = entry
    end
  end
  if known and not listed and (kept + added ~= new_total or before ~= after) then
    call('ZADD', list, string.match(known, '^%d+'), known)
    listed = true
  end
  local dropped, dropped_size = 0, 0
  if before ~= after and listed then
    for _, entry in ipairs(call('ZRANGEBYSCORE', list, whole(head), '(' .. whole(after))) do
      local start, stop = string.match(entry, '^(%d+):(%d+)$')
      local from, to = tonumber(start), tonumber(stop)
      if to > before then
        dropped = dropped + math.min(to, after) - math.max(from, before)
        if to <= after then
          call('UNLINK', block_key(run.seq, attempt, start))
          call('ZREM', list, entry)
          dropped_size = dropped_size + to - from
        end
      end
    end
  end
  count('output', added - dropped_size)
  local new_kept = kept + added - dropped
  save_run(run, { output_total = new_total, output_kept = new_kept ~= new_total and new_kept or false })
  run_changed(run.seq, run.job, run.number)
  return 'ok'
end`,
  queues: `local QUEUES_KEY = K .. 'queues'
local any_setting = nil
local settings = {}
local function queue_setting(queue)
  if any_setting == nil then any_setting = call('EXISTS', QUEUES_KEY) == 1 end
  if not any_setting then return false end
  if settings[queue] == nil then
    local paused, limit = string.match(call('HGET', QUEUES_KEY, queue) or '', '^(p?):(%d*)$')
    settings[queue] = paused and { paused = paused == 'p', limit = tonumber(limit) } or false
  end
  return settings[queue]
end
local function save_queue_setting(queue, setting)
  if setting.paused or setting.limit then
    call('HSET', QUEUES_KEY, queue, (setting.paused and 'p' or '') .. ':' .. (setting.limit and whole(setting.limit) or ''))
    any_setting = true
  else
    call('HDEL', QUEUES_KEY, queue)
  end
  settings[queue] = setting
end
local function queue_room(queue)
  local setting = queue_setting(queue)
  if not setting then return false end
  if setting.paused then return 0 end
  if not setting.limit then return false end
  local running = tonumber(call('HGET', K .. 'n', 'running:' .. queue) or 0) + (counts['running:' .. queue] or 0)
  return math.max(0, setting.limit - running)
end
local function has_queued(queue)
  return call('EXISTS', K .. 'q:' .. queue) == 1
end
local function room_came(queue)
  local room = queue_room(queue)
  if room and room > 0 and has_queued(queue) then work_came(queue) end
end`,
  removing: `local function is_final(run)
  return run.status ~= 'pending' and run.status ~= 'running'
end
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
local function archived_output(text)
  local parts, output = { string.match(text or '', ARCHIVED) }, {}
  if #parts == 0 then return nil end
  for i, name in ipairs(ATTEMPT_FIELDS) do output[name] = given(parts[i]) end
  return { total = given_number(output.output_total), kept = given_number(output.output_kept), entry = output.output_entry }
end
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
end`,
  requests: `local function remember_request(key, fingerprint)
  local known = call('GET', K .. 'i:' .. key)
  local at, by = string.match(known or '', '^(%d+)|(.*)$')
  if at and tonumber(at) > NOW - REQUEST_LIFE then return by == fingerprint end
  call('SET', K .. 'i:' .. key, whole(NOW) .. '|' .. fingerprint, 'PX', REQUEST_LIFE)
  return true
end`,
  runs: `local NUMBERS = {
  number = true, scheduled_for = true, created_at = true, started_at = true, finished_at = true, priority = true,
  ready_at = true, late_at = true, attempt = true, fence = true, contact_lost_at = true, skipped_first = true,
  skipped_last = true, skipped_count = true, skipped_at_least = true, version = true,
  attempt_started_at = true, attempt_finished_at = true, output_limit = true, output_total = true, output_kept = true,
  lost_after = true, lost_retries = true, attempt_fence = true,
}
local RUNS_KEY = K .. 'runs'
local function run_key(seq)
  return K .. 'r:' .. seq
end
local function run_id(run)
  return run.job .. '.' .. whole(run.number)
end
local function read_run(seq)
  local flat = call('HGETALL', run_key(seq))
  if #flat == 0 then return nil end
  local run = { seq = seq }
  for i = 1, #flat, 2 do
    local name, value = RUN_FIELD_NAMES[flat[i]], flat[i + 1]
    if NUMBERS[name] then value = tonumber(value) end
    run[name] = value
  end
  run.number = run.number or 1
  run.status = run.status and STATUS_NAMES[run.status] or 'pending'
  run.place = run.status == 'pending' and (run.place and PLACE_NAMES[run.place] or 'queue') or nil
  run.trigger = run.trigger and TRIGGER_NAMES[run.trigger] or 'submit'
  run.type = run.type or 'once'
  run.queue = run.queue or 'default'
  run.priority = run.priority or 0
  run.attempt = run.attempt or (run.owner and 1 or 0)
  run.fence = run.fence or run.attempt
  run.version = run.version or (run.owner and 1 or nil)
  run.created_at = run.created_at or math.floor(tonumber(seq) / 1000)
  run.ready_at = run.ready_at or run.created_at
  return run
end
local function find_run(id)
  local job, number = string.sub(id, 1, 36), string.sub(id, 38)
  local birth = call('GETRANGE', definition_key(job), 0, 17)
  if birth == '' then return nil end
  if number == '1' and string.sub(birth, 18) == 'o' then
    return read_run(string.sub(birth, 1, 16))
  end
  local seq = call('ZRANGEBYSCORE', K .. 'l:' .. job, number, number)[1]
  return seq and read_run(seq)
end
local function place_at(ready_at)
  return ready_at > NOW and 'delay' or 'queue'
end
local function queue_score(run)
  return (100 - run.priority) * 4398046511104 + run.ready_at
end
local ASKED_TO_END, RUNNING, PENDING, TURN = 0, 1, 2, 3
local function openness(run)
  if run.status == 'running' then return run.cancel_reason and ASKED_TO_END or RUNNING end
  if run.status ~= 'pending' then return nil end
  return run.place == 'turn' and TURN or PENDING
end
local function names_by(prefix)
  return setmetatable({}, {
    __index = function(known, key)
      known[key] = prefix .. key
      return known[key]
    end,
  })
end
local RUNS_COUNTER = names_by('runs:')
local PENDING_COUNTER = names_by('pending:')
local RUNNING_COUNTER = names_by('running:')
local QUEUE_KEY = names_by(K .. 'q:')
local DELAY_KEY, FAILED_KEY, DONE_KEY = K .. 'delay', K .. 'failed', K .. 'done'
local function count_state(status, queue, by)
  count(RUNS_COUNTER[status], by)
  if status == 'pending' then count(PENDING_COUNTER[queue], by) end
  if status == 'running' then count(RUNNING_COUNTER[queue], by) end
end
local function tell(status_before, place_before, run)
  if status_before == run.status then
    run_changed(run.seq, run.job, run.number)
  else
    run_and_job_changed(run.seq, run.job, run.number)
    if status_before then count_state(status_before, run.queue, -1) end
    count_state(run.status, run.queue, 1)
    if status_before == 'running' then room_came(run.queue) end
    if run.status == 'failed' then index(FAILED_KEY, run.seq, tonumber(run.seq)) end
  end
  if place_before == run.place then return end
  if place_before == 'queue' then index(QUEUE_KEY[run.queue], run.seq, false) end
  if place_before == 'delay' then index(DELAY_KEY, run.seq, false) end
  if run.place == 'queue' then
    index(QUEUE_KEY[run.queue], run.seq, queue_score(run))
    work_came(run.queue)
  elseif run.place == 'delay' then
    index(DELAY_KEY, run.seq, run.ready_at)
    hint('s')
  end
end
local STORED = { status = STATUS_CODES, place = PLACE_CODES, trigger = TRIGGER_CODES }
local function save_run(run, fields)
  local set, gone = {}, {}
  for name, value in pairs(fields) do
    local field = RUN_FIELDS[name]
    if value == false then
      if run[name] ~= nil and name ~= 'place' then gone[#gone + 1] = field end
      run[name] = nil
    else
      local codes = STORED[name]
      set[#set + 1] = field
      set[#set + 1] = codes and codes[value] or type(value) == 'number' and whole(value) or value
      run[name] = value
    end
  end
  if #set > 0 then call('HSET', run_key(run.seq), unpack(set)) end
  if #gone > 0 then call('HDEL', run_key(run.seq), unpack(gone)) end
end
local admit_oldest
local function open_key(job_id)
  return K .. 'o:' .. job_id
end
local function note_done(job_id, job_seq, single, is_done)
  count('done', is_done and 1 or -1)
  if is_done then
    local seq = next_seq()
    if single then call('XADD', DONE_KEY, seq, 'j', job_seq) else call('XADD', DONE_KEY, seq, 'i', job_id) end
    if not single then call('HSET', job_key(job_id), JOB_FIELDS.done, seq) end
  elseif not single then
    call('HSET', job_key(job_id), JOB_FIELDS.done, '')
  end
end
local function is_single(run)
  if run.single == nil then run.single = not call('HGET', job_key(run.job), JOB_FIELDS.last_number) end
  return run.single
end
local function follow(was, run)
  local is = openness(run)
  if was == is then return end
  if run.type == 'once' and is_single(run) then
    if is == nil then note_done(run.job, run.seq, true, true) end
    return
  end
  local open = open_key(run.job)
  if is then
    call('ZADD', open, is, run.seq)
    return
  end
  call('ZREM', open, run.seq)
  if run.type == 'cron' then trim_soon(run.job) end
  if was ~= TURN and call('ZCOUNT', open, ASKED_TO_END, PENDING) == 0 and call('ZCARD', open) > 0 then
    admit_oldest(open)
  elseif run.type == 'once' and call('EXISTS', open) == 0 then
    note_done(run.job, call('GETRANGE', definition_key(run.job), 0, 15), false, true)
  end
end
local function change_run(run, fields)
  local status, place, was = run.status, run.place, openness(run)
  save_run(run, fields)
  tell(status, place, run)
  follow(was, run)
end
local function move_run(run, event, fields)
  local status = MOVES[run.status] and MOVES[run.status][event]
  if not status then error('a run that is ' .. run.status .. ' cannot ' .. event) end
  fields.status = status
  change_run(run, fields)
end
local function admit_run(run, ready_at)
  change_run(run, { place = place_at(ready_at), ready_at = ready_at })
end
admit_oldest = function(open)
  local seq = call('ZRANGEBYSCORE', open, TURN, TURN, 'LIMIT', 0, 1)[1]
  local run = read_run(seq)
  admit_run(run, math.max(run.ready_at, NOW))
end
local function unfold(job)
  if not job.single then return end
  local first = read_run(job.seq)
  call('ZADD', K .. 'l:' .. job.id, 1, job.seq)
  save_job(job, { last_number = 1, last_run = tonumber(job.seq) })
  job.single = false
  local openness_of_first = first and openness(first)
  if openness_of_first then
    call('ZADD', open_key(job.id), openness_of_first, job.seq)
    call('HSET', job_key(job.id), JOB_FIELDS.done, '')
  else
    call('HSET', job_key(job.id), JOB_FIELDS.done, '-')
  end
end
local function write_birth(job, seq, birth)
  birth.seq = seq
  birth.job = job.id
  birth.type = job.type
  birth.queue = job.queue
  birth.priority = job.priority
  local flat = { RUN_FIELDS.job, job.id }
  local function add(field, value)
    flat[#flat + 1] = field
    flat[#flat + 1] = value
  end
  if birth.number ~= 1 then add(RUN_FIELDS.number, whole(birth.number)) end
  if birth.status ~= 'pending' then add(RUN_FIELDS.status, STATUS_CODES[birth.status]) end
  if birth.trigger ~= 'submit' then add(RUN_FIELDS.trigger, TRIGGER_CODES[birth.trigger]) end
  if birth.place and birth.place ~= 'queue' then add(RUN_FIELDS.place, PLACE_CODES[birth.place]) end
  if job.name then add(RUN_FIELDS.name, job.name) end
  if job.type == 'cron' then add(RUN_FIELDS.type, 'cron') end
  if job.queue ~= 'default' then add(RUN_FIELDS.queue, job.queue) end
  if job.priority ~= 0 then add(RUN_FIELDS.priority, job.priority) end
  local created_at, untold = created_by(seq)
  birth.created_at = created_at
  if untold then add(RUN_FIELDS.created_at, whole(created_at)) end
  if birth.ready_at ~= NOW then add(RUN_FIELDS.ready_at, whole(birth.ready_at)) end
  if birth.scheduled_for then
    add(RUN_FIELDS.scheduled_for, whole(birth.scheduled_for))
    if birth.status == 'pending' and job.late_after then
      birth.late_at = birth.scheduled_for + job.late_after * SECOND
      add(RUN_FIELDS.late_at, whole(birth.late_at))
    end
  end
  if birth.status == 'skipped' then
    add(RUN_FIELDS.reason, birth.reason)
    add(RUN_FIELDS.finished_at, whole(NOW))
    add(RUN_FIELDS.skipped_first, whole(birth.skipped_first))
    add(RUN_FIELDS.skipped_last, whole(birth.skipped_last))
    add(RUN_FIELDS.skipped_count, whole(birth.skipped_count))
    if birth.skipped_at_least then add(RUN_FIELDS.skipped_at_least, '1') end
  end
  call('HSET', run_key(seq), unpack(flat))
  call('XADD', RUNS_KEY, seq, 'r', '')
  birth.attempt, birth.fence = 0, 0
  tell(nil, nil, birth)
  return birth
end
local function bear_first_run(job, birth)
  birth.number = 1
  return write_birth(job, job.seq, birth)
end
local function bear_run(job, birth)
  unfold(job)
  local seq = next_seq()
  local number = job.last_number + 1
  birth.number = number
  local run = write_birth(job, seq, birth)
  call('ZADD', K .. 'l:' .. job.id, number, seq)
  save_job(job, { last_number = number, last_run = tonumber(seq) })
  local is = openness(run)
  if is then
    call('ZADD', open_key(job.id), is, seq)
    if job.type == 'once' and call('ZCARD', open_key(job.id)) == 1 then note_done(job.id, job.seq, false, false) end
  elseif job.type == 'cron' then
    trim_soon(job.id)
  end
  return run
end
local function open_counts(job)
  if job.single then
    local first = read_run(job.seq)
    return first and openness(first) and 1 or 0, 0
  end
  local live = call('ZCOUNT', open_key(job.id), ASKED_TO_END, PENDING)
  return live, call('ZCARD', open_key(job.id)) - live
end`,
  skipped: `local function record_skipped(job, reason, slots)
  local newest = job.last_run and read_run(string.format('%016.0f', job.last_run))
  if newest and newest.status == 'skipped' and newest.skipped_first and newest.reason == reason then
    change_run(newest, {
      skipped_last = slots.last,
      skipped_count = newest.skipped_count + slots.count,
      skipped_at_least = (newest.skipped_at_least or slots.at_least) and 1 or false,
      finished_at = NOW,
    })
    trim_soon(job.id)
    return
  end
  bear_run(job, {
    status = 'skipped',
    reason = reason,
    trigger = 'schedule',
    scheduled_for = slots.first,
    ready_at = NOW,
    skipped_first = slots.first,
    skipped_last = slots.last,
    skipped_count = slots.count,
    skipped_at_least = slots.at_least,
  })
end
local function pass_over_due(job, fields)
  local slot = job.next_slot
  if not slot or slot > NOW then return fields end
  record_skipped(job, 'misfire', { first = slot, last = slot, count = 1, at_least = true })
  fields.last_slot = slot
  return fields
end`,
} as const;

/** All scripts, by the name of their file. */
export const SCRIPTS = {
  'abandon': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding'], body: `note_contact()
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
return reply` },
  'append-output': { shebang: '#!lua', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'output', 'guard'], body: `note_contact()
local owner, reply = ARGV[2], {}
local function append(at)
  local run = held_or_adopted_run(owner, ARGV[at], tonumber(ARGV[at + 1]))
  if not run then return 'lost' end
  return append_output(run, tonumber(ARGV[at + 2]), ARGV[at + 3])
end
for at = 3, #ARGV, 4 do reply[#reply + 1] = guarded(append, at) end
commit()
return reply` },
  'cancel': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'gate'], body: `local mark = ARGV[3]
local run = find_run(ARGV[2])
if not run then return 'not_found' end
if run.cancelled_by == mark then return run.cancel_reason and 'requested' or 'cancelled' end
local is_running = run.status == 'running'
if not is_running and run.status ~= 'pending' then return { 'final', run.status } end
if not run.cancel_reason then save_run(run, { cancelled_by = mark }) end
if is_running then
  flag_run(run, 'requested')
  commit()
  return 'requested'
end
end_pending(run, 'requested')
commit()
return 'cancelled'` },
  'claim': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'gate', 'common', 'claiming'], body: `note_contact()
local list, more = claim_runs(claim_request(2))
commit()
return { NOW, more and 1 or 0, list }` },
  'create-jobs': { shebang: '#!lua', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'birth', 'requests', 'guard'], body: `local JOBS_KEY = K .. 'jobs'
local function made_before(id, text)
  local seq, by = string.match(call('GET', definition_key(id)), '^(%d+)|(.*)$')
  if by ~= text then return { 'id' } end
  return { 'created', call('HGET', job_key(id), JOB_FIELDS.created_at) or math.floor(tonumber(seq) / 1000) }
end
local function create(id, text, name, at)
  local other = name ~= '' and call('HGET', K .. 'names', name)
  if other and call('EXISTS', definition_key(id)) == 0 then return { 'name', other } end
  local seq = next_seq()
  local stored = seq .. '|' .. text
  if not call('SET', definition_key(id), stored, 'NX') then return made_before(id, text) end
  if name ~= '' then call('HSET', K .. 'names', name, id) end
  call('XADD', JOBS_KEY, seq, 'j', id)
  call('SADD', K .. 'p:' .. string.sub(id, 1, 3), seq)
  local job = parse_job(id, stored)
  local created_at, untold = created_by(seq)
  if untold then call('HSET', job_key(id), JOB_FIELDS.created_at, whole(created_at)) end
  if job.type == 'once' then
    count('jobs:once', 1)
    if bear_common(job, at) then return { 'created', created_at } end
    local run_at = given_number(at)
    local ready_at = run_at or NOW
    bear_first_run(job, {
      status = 'pending',
      trigger = 'submit',
      scheduled_for = run_at,
      ready_at = ready_at,
      place = place_at(ready_at),
    })
  else
    call('ZADD', K .. 'crons', seq, id)
    local next_slot = given_number(at)
    if next_slot then call('HSET', job_key(id), JOB_FIELDS.next_slot, at) end
    job.next_slot = next_slot
    count(job_counter(job), 1)
    if next_slot then index(K .. 'due', id, next_slot) end
    changed('j', id)
    hint('s')
  end
  return { 'created', created_at }
end
local reused = ARGV[2] ~= '' and not remember_request(ARGV[2], ARGV[3])
local reply = {}
for at = 4, #ARGV, 4 do
  reply[#reply + 1] = reused and { 'key_reused' }
    or guarded(create, ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
end
commit()
return reply` },
  'delete-job': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'gate', 'ending'], body: `local mark = tonumber(ARGV[4])
local job = read_job(ARGV[2])
if job and job.deleted_by == mark then return { 'deleted' } end
if not job or job.deleted_at then return { 'not_found' } end
local running = running_runs(job)
if #running > 0 and ARGV[3] ~= '1' then return { 'running', unpack(running) } end
count(job_counter(job), -1)
save_job(job, { deleted_at = NOW, deleted_by = mark, next_slot = false })
index(K .. 'due', job.id, false)
if job.name then call('HDEL', K .. 'names', job.name) end
call('XDEL', K .. 'jobs', job.seq .. '-0')
call('ZREM', K .. 'crons', job.id)
changed('j', job.id)
if not end_open_runs(job, 'deleted', MOST_ITEMS) then
  call('ZADD', K .. 'ending', NOW, job.id)
  hint('s')
end
if job.type == 'cron' then trim_soon(job.id) end
commit()
return { 'deleted' }` },
  'finish': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'gate', 'common', 'claiming', 'output', 'guard'], body: `local ITEM = 11
note_contact()
local owner, items = ARGV[2], tonumber(ARGV[3])
local function finish(at)
  if ARGV[at + 2] == 'succeeded' and ARGV[at + 9] == '' then
    local common = end_common(owner, ARGV[at], ARGV[at + 1], ARGV[at + 7], NOW - tonumber(ARGV[at + 8]))
    if common then return common end
  end
  local id, fence = ARGV[at], tonumber(ARGV[at + 1])
  local run, known = held_or_adopted_run(owner, id, fence)
  if not run then return ended_before(known, owner, fence) end
  if ARGV[at + 9] ~= '' then append_output(run, tonumber(ARGV[at + 9]), ARGV[at + 10]) end
  end_attempt(run, {
    status = ARGV[at + 2],
    reason = given(ARGV[at + 3]),
    detail = given(ARGV[at + 4]),
    outcome = given(ARGV[at + 5]),
    retry_at = given_number(ARGV[at + 6]),
    duration_ms = given(ARGV[at + 7]),
    finished_at = NOW - tonumber(ARGV[at + 8]),
  })
  return 'ok'
end
local results = {}
for i = 1, items do
  results[i] = guarded(finish, 4 + (i - 1) * ITEM)
end
local list, more = {}, false
local rest = 4 + items * ITEM
if ARGV[rest] then
  flush_indexes()
  list, more = claim_runs(claim_request(rest))
end
commit()
return { NOW, more and 1 or 0, list, results }` },
  'fire': { shebang: '#!lua', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'gate', 'skipped', 'guard'], body: `local function fire(at, run_count)
  local job = read_living_job(ARGV[at])
  local slot = tonumber(ARGV[at + 2])
  if not job or job.version ~= tonumber(ARGV[at + 1]) or job.next_slot ~= slot then return { 'stale' } end
  if slot > NOW then return { 'early' } end
  if run_count > 0 and not make_room(job) then return { 'more' } end
  local newest, skipped, ids = math.max(slot, job.last_slot or slot), 0, {}
  if ARGV[at + 4] ~= '' then
    local slots = {
      first = tonumber(ARGV[at + 4]),
      last = tonumber(ARGV[at + 5]),
      count = tonumber(ARGV[at + 6]),
      at_least = ARGV[at + 7] == '1' or nil,
    }
    record_skipped(job, 'misfire', slots)
    skipped, newest = slots.count, math.max(newest, slots.last)
  end
  for i = 0, run_count - 1 do
    local run_slot, ready_at = tonumber(ARGV[at + 9 + 2 * i]), tonumber(ARGV[at + 10 + 2 * i])
    newest = math.max(newest, run_slot)
    local wanted = { trigger = 'schedule', scheduled_for = run_slot, ready_at = ready_at }
    local run, reason = pass_gate(job, wanted)
    if run then
      ids[#ids + 1] = run_id(run)
    else
      skipped = skipped + 1
      record_skipped(job, reason, { first = run_slot, last = run_slot, count = 1 })
    end
  end
  change_job(job, { next_slot = given_number(ARGV[at + 3]) or false, last_slot = newest })
  return { 'fired', skipped, unpack(ids) }
end
local reply = {}
local at = 2
while at <= #ARGV do
  local from, run_count = at, tonumber(ARGV[at + 8])
  reply[#reply + 1] = guarded(fire, from, run_count)
  at = at + 9 + 2 * run_count
end
commit()
return reply` },
  'has-work': { shebang: '#!lua flags=no-writes,allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'gate', 'common', 'claiming'], body: `local queues = {}
for i = 2, #ARGV do queues[i - 1] = ARGV[i] end
return #claimable(queues, 1) > 0 and 1 or 0` },
  'heartbeat': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects'], body: `local id = ARGV[2]
local key = K .. 'w:' .. id
local running, state = unpack(call('HMGET', key, 'running', 'state'))
call('HSET', key, 'last_seen_at', whole(NOW), unpack(ARGV, 3))
call('HSETNX', key, 'started_at', whole(NOW))
call('ZADD', K .. 'workers', NOW, id)
if running ~= call('HGET', key, 'running') or state ~= call('HGET', key, 'state') then changed('w', id) end
commit()
return ''` },
  'open': { shebang: '#!lua', parts: ['engine'], body: `local key = K .. 'schema'
local found = call('HMGET', key, 'version', 'id')
if found[2] then return { 'entered', found[1], found[2] } end
if call('EXISTS', K .. 'seq') == 1 then return { 'orphaned', '0', '' } end
call('HSET', key, 'version', ARGV[2], 'since', whole(NOW), 'id', ARGV[3])
return { 'founded', ARGV[2], ARGV[3] }` },
  'pause-job': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'skipped'], body: `local job = read_living_job(ARGV[2])
if not job then return 'not_found' end
if job.type == 'once' then return 'not_a_schedule' end
if not job.paused then
  change_job(job, pass_over_due(job, { paused = 1, next_slot = false, updated_at = NOW }))
  commit()
end
return 'paused'` },
  'probe': { shebang: '#!lua', parts: ['engine'], body: `call('HSET', K .. 'schema', 'probed', whole(NOW))
return 1` },
  'release': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'guard'], body: `note_contact()
local owner, reply = ARGV[2], {}
local function release(at)
  local fence = tonumber(ARGV[at + 1])
  local run, known = held_run(owner, ARGV[at], fence)
  if not run then return ended_before(known, owner, fence) end
  give_back(run)
  return 'ok'
end
for at = 3, #ARGV, 2 do reply[#reply + 1] = guarded(release, at) end
commit()
return reply` },
  'remember-request': { shebang: '#!lua', parts: ['engine', 'requests'], body: `return remember_request(ARGV[2], ARGV[3]) and 'remembered' or 'key_reused'` },
  'renew': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'guard'], body: `note_contact()
local owner, reply = ARGV[2], {}
local function renew(at)
  local run = held_or_adopted_run(owner, ARGV[at], tonumber(ARGV[at + 1]))
  if not run then return 'lost' end
  renew_lease(run)
  return run.cancel_reason and 'cancel' or 'ok'
end
for at = 3, #ARGV, 2 do reply[#reply + 1] = guarded(renew, at) end
commit()
return reply` },
  'resume-job': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs'], body: `local job = read_living_job(ARGV[2])
if not job then return { 'not_found' } end
if job.type == 'once' then return { 'not_a_schedule' } end
if job.paused then
  local slot = given_number(ARGV[3])
  if slot and slot <= math.max(NOW, job.last_slot or 0) then
    return { 'stale', NOW, job.last_slot and whole(job.last_slot) or '' }
  end
  change_job(job, { paused = false, next_slot = slot or false, updated_at = NOW })
  hint('s')
  commit()
end
return { 'resumed' }` },
  'set-queue': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues'], body: `local queue, paused, limit = ARGV[2], ARGV[3], ARGV[4]
local before = queue_setting(queue) or { paused = false }
local after = { paused = before.paused, limit = before.limit }
if paused ~= '' then after.paused = paused == '1' end
if limit ~= '' then after.limit = tonumber(limit) end -- nil for 'any'
save_queue_setting(queue, after)
if queue_room(queue) ~= 0 and has_queued(queue) then work_came(queue) end
commit()
return ''` },
  'tick': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'leases', 'attempts', 'holding', 'gate', 'common', 'claiming', 'ending'], body: `local limit = tonumber(ARGV[2])
note_contact()
local flagged, lost = {}, {}
local function lapse(seq)
  local run = read_run(seq)
  local decided = run.contact_lost_at ~= nil
  if not decided then
    flagged[#flagged + 1] = run_id(run)
    local lost_after = (run.lost_after or LOST_AFTER) * SECOND
    change_run(run, { contact_lost_at = NOW })
    index(K .. 'lease', seq, LEASE_NOW + lost_after)
    decided = lost_after == 0
  end
  if decided then
    lost[#lost + 1] = run_id(run)
    give_up(run, 'its worker was out of contact')
  end
end
local cut = promote(limit)
local ending = end_deleted(limit)
cut = cut or ending
if LEASE_NOW >= GRACE then
  local past = call('ZRANGEBYSCORE', K .. 'lease', '-inf', LEASE_NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #past) do lapse(past[i]) end
  cut = cut or #past > limit
end
flush_indexes()
local due = {}
local flat = call('ZRANGEBYSCORE', K .. 'due', '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, limit + 1)
for i = 1, math.min(2 * limit, #flat), 2 do
  local version = call('HGET', job_key(flat[i]), JOB_FIELDS.version)
  local json = parse_job(flat[i], call('GET', definition_key(flat[i]))).json
  due[#due + 1] = { flat[i], tonumber(version or 1), flat[i + 1], json }
end
cut = cut or #flat > 2 * limit
local function next_at()
  if cut then return NOW end
  local first
  local function consider(at)
    if at and (not first or at < first) then first = at end
  end
  local after = '(' .. whole(NOW)
  consider(tonumber(call('ZRANGEBYSCORE', K .. 'due', after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  consider(tonumber(call('ZRANGEBYSCORE', K .. 'delay', after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  local deadline = tonumber(call('ZRANGE', K .. 'lease', 0, 0, 'WITHSCORES')[2])
  if deadline then consider(math.max(deadline, GRACE, LEASE_NOW + 1) - LEASE_SHIFT) end
  return first
end
local at = next_at()
local leases = call('ZCARD', K .. 'lease') > 0 and 1 or 0
commit()
return { NOW, at and whole(at) or '', leases, flagged, lost, due }` },
  'trigger': { shebang: '#!lua', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'gate'], body: `local _, id, request, fingerprint, trigger, force, mark = unpack(ARGV)
local key = K .. 'u:' .. request
local at, run_before, made_by, by = string.match(call('GET', key) or '', '^(%d+)|([^|]*)|(%d*)|(.*)$')
if at and tonumber(at) > NOW - REQUEST_LIFE and find_run(run_before) then
  if by ~= fingerprint then return { 'key_reused' } end
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
  local live = call('ZRANGEBYSCORE', open_key(id), ASKED_TO_END, PENDING, 'LIMIT', 0, 1)[1] or job.seq
  return { 'overlap', run_id(read_run(live)) }
end
call('SET', key, whole(NOW) .. '|' .. run_id(run) .. '|' .. mark .. '|' .. fingerprint, 'PX', REQUEST_LIFE)
commit()
return { 'triggered', run_id(run) }` },
  'trim-look': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs'], body: `local till = tonumber(ARGV[3])
local ids = call('ZRANGEBYSCORE', K .. 'trim', ARGV[3], ARGV[3])
if #ids == 0 then ids = call('ZRANGEBYSCORE', K .. 'trim', '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[2])) end
local jobs = {}
for _, id in ipairs(ids) do
  local job = read_job(id)
  if job then
    local runs, open = call('ZCARD', K .. 'l:' .. id), call('ZCARD', open_key(id))
    jobs[#jobs + 1] = { id, job.json, runs, open, job.deleted_at and '1' or '' }
  end
  index(K .. 'trim', id, job and till or false)
end
commit()
return { NOW, jobs }` },
  'trim-once': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'attempts', 'output', 'removing'], body: `local before, limit = tonumber(ARGV[2]), tonumber(ARGV[4])
local excess = tonumber(call('HGET', K .. 'n', 'done') or 0) - tonumber(ARGV[3])
local jobs, runs = 0, 0
local function done_job(seq, fields)
  local kind, what = unpack(fields)
  if kind == 'i' then
    local job = read_job(what)
    return job and job.done == seq and job or nil
  end
  local run = read_run(what)
  local job = run and read_job(run.job)
  return job and job.single and job or nil
end
local function remove_runs(job, left)
  if job.single then
    remove_run(read_run(job.seq))
    runs = runs + 1
    return true
  end
  local list = K .. 'l:' .. job.id
  local seqs = call('ZRANGE', list, 0, left - 1)
  for _, seq in ipairs(seqs) do
    local run = read_run(seq)
    if run then remove_run(run) end
    call('ZREM', list, seq)
  end
  runs = runs + #seqs
  return #seqs < left
end
local function trim()
  local entries = call('XRANGE', K .. 'done', '-', '+', 'COUNT', limit)
  for _, entry in ipairs(entries) do
    local seq = string.match(entry[1], '^%d+')
    if excess <= jobs and tonumber(seq) >= before then return false end
    local left = limit - jobs - runs
    local job = done_job(seq, entry[2])
    if job then
      if left <= 0 or (job.single and left < 2 and left < limit) then return true end
      if not remove_runs(job, left) then return true end
      remove_job(job)
      count('done', -1)
      jobs = jobs + 1
    end
    call('XDEL', K .. 'done', entry[1])
  end
  return #entries >= limit
end
local more = trim()
commit()
return { jobs, runs, more and 1 or 0 }` },
  'trim-outputs': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'attempts', 'output', 'removing'], body: `local most, limit = tonumber(ARGV[3]), tonumber(ARGV[4])
local excess = tonumber(call('HGET', K .. 'n', 'output') or 0) - tonumber(ARGV[2])
local outputs, dropped = 0, 0
local function drop(seq, attempt)
  local run = read_run(seq)
  if run and whole(run.attempt) == attempt then
    local size = remove_blocks(seq, attempt, newest_output(run))
    save_run(run, { output_kept = 0, output_entry = false })
    return size
  end
  local key = attempts_key(seq)
  local output = archived_output(call('HGET', key, attempt))
  if not output then return 0 end
  local fields = unarchived(seq, attempt)
  fields.output_kept, fields.output_entry = 0, false
  put_archived(seq, attempt, fields)
  return remove_blocks(seq, attempt, output)
end
local function trim()
  if excess <= 0 then return false end
  for _, entry in ipairs(call('XRANGE', K .. 'outputs', '-', '+', 'COUNT', limit)) do
    if dropped >= most then return true end
    local size = drop(string.match(entry[2][2], '^(%d+):(%d+)$'))
    call('XDEL', K .. 'outputs', entry[1])
    excess, dropped, outputs = excess - size, dropped + size, outputs + 1
    if excess <= 0 then return false end
  end
  return outputs >= limit
end
local more = trim()
commit()
return { outputs, more and 1 or 0 }` },
  'trim-runs': { shebang: '#!lua flags=allow-oom', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'attempts', 'output', 'removing'], body: `local jobs, runs = 0, 0
local function remove_runs(id, from, to)
  for at = from, to, 2 do
    local run = read_run(ARGV[at])
    if run and run.job == id and is_final(run) and run.finished_at == tonumber(ARGV[at + 1]) then
      remove_run(run)
      call('ZREM', K .. 'l:' .. id, run.seq)
      runs = runs + 1
    end
  end
end
local function settle(job, taken, again)
  if tonumber(call('ZSCORE', K .. 'trim', job.id) or 0) ~= taken then return end
  index(K .. 'trim', job.id, again or false)
  if again or not job.deleted_at or call('ZCARD', K .. 'l:' .. job.id) > 0 then return end
  remove_job(job)
  jobs = jobs + 1
end
local at = 2
while at <= #ARGV do
  local last = at + 3 + 2 * tonumber(ARGV[at + 3])
  local job = read_job(ARGV[at])
  if job then
    remove_runs(job.id, at + 4, last)
    settle(job, tonumber(ARGV[at + 1]), given_number(ARGV[at + 2]))
  end
  at = last + 1
end
commit()
return { jobs, runs }` },
  'trim-workers': { shebang: '#!lua flags=allow-oom', parts: ['engine'], body: `local before = '(' .. whole(NOW - tonumber(ARGV[2]))
local workers = call('ZRANGEBYSCORE', K .. 'workers', '-inf', before, 'LIMIT', 0, tonumber(ARGV[3]))
local gone = 0
for _, id in ipairs(workers) do
  if call('ZCARD', K .. 'h:' .. id) == 0 then
    call('UNLINK', K .. 'w:' .. id)
    call('ZREM', K .. 'workers', id)
    gone = gone + 1
  end
end
for field, value in pairs(to_table(call('HGETALL', K .. 'n'))) do
  if value == '0' then call('HDEL', K .. 'n', field) end
end
return gone` },
  'update-job': { shebang: '#!lua', parts: ['engine', 'effects', 'queues', 'jobs', 'runs', 'skipped'], body: `local _, id, if_version, text, next_slot = unpack(ARGV)
local job = read_living_job(id)
if not job then return { 'not_found' } end
if call('GET', definition_key(id)) == job.seq .. '|' .. text then return { 'updated' } end
if if_version ~= '' and tonumber(if_version) ~= job.version then return { 'conflict', job.version } end
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
return { 'updated' }` },
} as const;
