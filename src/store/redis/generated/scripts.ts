/** Made by scripts/generate-redis-scripts.ts from lua/. Do not edit. */

/** What scripts are built on, by part and name. */
export const PARTS = {
  'constants.MOVES': `local MOVES = { pending = { claim = 'running', adopt = 'running', cancel = 'cancelled', skip = 'skipped' }, running = { succeed = 'succeeded', fail = 'failed', retry = 'pending', release = 'pending', cancel = 'cancelled' } }`,
  'constants.RUN_FIELDS': `local RUN_FIELDS = { job = 'j', number = 'n', name = 'nm', type = 'y', status = 's', reason = 'r', detail = 'd', trigger = 't', scheduled_for = 'sf', created_at = 'ca', started_at = 'st', finished_at = 'fi', queue = 'q', priority = 'p', place = 'pl', ready_at = 'ra', late_at = 'lt', attempt = 'a', fence = 'f', contact_lost_at = 'cl', cancel_reason = 'x', cancelled_by = 'xb', skipped_first = 'k1', skipped_last = 'k2', skipped_count = 'kc', skipped_at_least = 'ka', owner = 'o', attempt_fence = 'fa', worker = 'w', version = 'v', attempt_started_at = 'as', attempt_finished_at = 'af', duration_ms = 'du', left_running = 'lf', outcome = 'oc', decided = 'de', output_limit = 'ol', output_total = 'ot', output_kept = 'ok', output_entry = 'oe', lost_after = 'la', lost_retries = 'lr' }`,
  'constants.RUN_FIELD_NAMES': `local RUN_FIELD_NAMES = { j = 'job', n = 'number', nm = 'name', y = 'type', s = 'status', r = 'reason', d = 'detail', t = 'trigger', sf = 'scheduled_for', ca = 'created_at', st = 'started_at', fi = 'finished_at', q = 'queue', p = 'priority', pl = 'place', ra = 'ready_at', lt = 'late_at', a = 'attempt', f = 'fence', cl = 'contact_lost_at', x = 'cancel_reason', xb = 'cancelled_by', k1 = 'skipped_first', k2 = 'skipped_last', kc = 'skipped_count', ka = 'skipped_at_least', o = 'owner', fa = 'attempt_fence', w = 'worker', v = 'version', as = 'attempt_started_at', af = 'attempt_finished_at', du = 'duration_ms', lf = 'left_running', oc = 'outcome', de = 'decided', ol = 'output_limit', ot = 'output_total', ok = 'output_kept', oe = 'output_entry', la = 'lost_after', lr = 'lost_retries' }`,
  'constants.ATTEMPT_FIELDS': `local ATTEMPT_FIELDS = { 'version', 'attempt_fence', 'owner', 'worker', 'attempt_started_at', 'attempt_finished_at', 'duration_ms', 'decided', 'output_limit', 'output_total', 'output_kept', 'output_entry', 'outcome' }`,
  'constants.JOB_FIELDS': `local JOB_FIELDS = { created_at = 'ca', version = 'v', version_at = 'va', updated_at = 'ua', paused = 'pz', next_slot = 'ns', last_slot = 'ls', last_number = 'n', last_run = 'lr', deleted_at = 'del', deleted_by = 'db', done = 'dn' }`,
  'constants.JOB_FIELD_NAMES': `local JOB_FIELD_NAMES = { ca = 'created_at', v = 'version', va = 'version_at', ua = 'updated_at', pz = 'paused', ns = 'next_slot', ls = 'last_slot', n = 'last_number', lr = 'last_run', del = 'deleted_at', db = 'deleted_by', dn = 'done' }`,
  'constants.STATUS_CODES': `local STATUS_CODES = { pending = 'p', running = 'r', succeeded = 's', failed = 'f', cancelled = 'c', skipped = 'k' }`,
  'constants.STATUS_NAMES': `local STATUS_NAMES = { p = 'pending', r = 'running', s = 'succeeded', f = 'failed', c = 'cancelled', k = 'skipped' }`,
  'constants.PLACE_CODES': `local PLACE_CODES = { queue = 'q', delay = 'd', turn = 't' }`,
  'constants.PLACE_NAMES': `local PLACE_NAMES = { q = 'queue', d = 'delay', t = 'turn' }`,
  'constants.TRIGGER_CODES': `local TRIGGER_CODES = { schedule = 's', submit = 'u', manual = 'm', retry = 'r' }`,
  'constants.TRIGGER_NAMES': `local TRIGGER_NAMES = { s = 'schedule', u = 'submit', m = 'manual', r = 'retry' }`,
  'constants.MOST_ITEMS': `local MOST_ITEMS, MOST_WAITING, KEPT_VERSIONS = 250, 100, 10`,
  'constants.VERSION_RISES_AFTER': `local VERSION_RISES_AFTER = 60000`,
  'constants.LEASE': `local LEASE, LOST_AFTER = 15000, 60`,
  'constants.OUTPUT_LIMIT': `local OUTPUT_LIMIT, BLOCK_BYTES = 1048576, 65536`,
  'constants.LATENESS_BOUNDS': `local LATENESS_BOUNDS, DURATION_BOUNDS = { 10, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 3600000 }, { 10, 100, 500, 1000, 5000, 15000, 60000, 300000, 900000, 3600000, 14400000, 86400000 }`,
  'constants.BEYOND': `local BEYOND = 'more'`,
  'constants.SECOND': `local SECOND, REQUEST_LIFE = 1000, 86400000`,
  'attempts.ARCHIVED': `local ARCHIVED = '^' .. string.rep('([^|]*)|', #ATTEMPT_FIELDS - 1) .. '(.*)$'`,
  'attempts.LEASE_KEY': `local LEASE_KEY = K .. 'lease'`,
  'attempts.HELD_KEY': `local HELD_KEY = names_by(K .. 'h:')`,
  'attempts.attempts_key': `local function attempts_key(seq)
  return K .. 'a:' .. seq
end`,
  'attempts.put_archived': `local function put_archived(seq, number, fields)
  local parts = {}
  for i, name in ipairs(ATTEMPT_FIELDS) do
    local value = fields[name] or ''
    parts[i] = type(value) == 'number' and whole(value) or value
  end
  call('HSET', attempts_key(seq), whole(number), table.concat(parts, '|'))
end`,
  'attempts.left_field': `local function left_field(number)
  return 'l' .. whole(number)
end`,
  'attempts.archive_attempt': `local function archive_attempt(run)
  run.attempt_fence = run.attempt_fence or run.fence
  run.attempt_started_at = run.attempt_started_at or run.started_at
  put_archived(run.seq, run.attempt, run)
  if run.left_running then call('HSET', attempts_key(run.seq), left_field(run.attempt), run.left_running) end
end`,
  'attempts.unarchived': `local function unarchived(seq, number)
  local key, fields = attempts_key(seq), {}
  local parts = { string.match(call('HGET', key, whole(number)) or '', ARCHIVED) }
  for i, name in ipairs(ATTEMPT_FIELDS) do fields[name] = given(parts[i]) or false end
  call('HDEL', key, whole(number))
  return fields
end`,
  'attempts.newest_again': `local function newest_again(seq, number)
  local fields = unarchived(seq, number)
  fields.left_running = call('HGET', attempts_key(seq), left_field(number))
  if fields.left_running then call('HDEL', attempts_key(seq), left_field(number)) end
  return fields
end`,
  'attempts.no_attempt': `local function no_attempt()
  local fields = { left_running = false }
  for _, name in ipairs(ATTEMPT_FIELDS) do fields[name] = false end
  return fields
end`,
  'attempts.begin_attempt': `local function begin_attempt(run, job, event, held)
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
  if run.started_at then
    fields.attempt_started_at = NOW
  else
    fields.started_at = NOW
    count_start(run.scheduled_for, run.late_at)
  end
  index(LEASE_KEY, run.seq, whole(LEASE_NOW + LEASE))
  index(HELD_KEY[held.owner], run.seq, held.claim or 0)
  move_run(run, event, fields)
end`,
  'attempts.let_go': `local function let_go(run, owner)
  index(LEASE_KEY, run.seq, false)
  index(HELD_KEY[owner or run.owner], run.seq, false)
end`,
  'attempts.event_of': `local function event_of(run, ending)
  if ending.status == 'succeeded' then return 'succeed' end
  if ending.status == 'cancelled' or run.cancel_reason then return 'cancel' end
  return ending.retry_at and 'retry' or 'fail'
end`,
  'attempts.end_attempt': `local function end_attempt(run, ending)
  local event = event_of(run, ending)
  local fields = {
    contact_lost_at = false,
    duration_ms = ending.duration_ms or false,
    left_running = ending.left_running or false,
    outcome = ending.outcome or false,
    decided = ending.decided and '1' or false,
  }
  if (run.output_kept or run.output_total or 0) > 0 then
    fields.output_entry = next_seq()
    call('XADD', K .. 'outputs', fields.output_entry, 'a', run.seq .. ':' .. whole(run.attempt))
  end
  count_duration(ending.duration_ms)
  if event == 'retry' then
    count('retried:' .. ending.reason, 1)
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
  let_go(run)
end`,
  'attempts.give_back': `local function give_back(run)
  local owner = run.owner
  call('HSET', attempts_key(run.seq), 'r' .. whole(run.fence), run.owner)
  local attempt = run.attempt - 1
  local fields = attempt > 0 and newest_again(run.seq, attempt) or no_attempt()
  fields.attempt = attempt > 0 and attempt or false
  fields.fence = run.fence
  fields.contact_lost_at = false
  if attempt == 0 then fields.started_at = false end
  if run.cancel_reason then
    fields.reason = run.cancel_reason
    fields.finished_at = NOW
    move_run(run, 'cancel', fields)
  else
    fields.place = 'queue'
    move_run(run, 'release', fields)
  end
  let_go(run, owner)
end`,
  'attempts.ended_before': `local function ended_before(run, owner, fence)
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
  'claiming.by_score': `local function by_score(a, b)
  if a.score ~= b.score then return a.score < b.score end
  return a.seq < b.seq
end`,
  'claiming.claimable': `local function claimable(queues, limit)
  local found, sources = {}, 0
  for _, queue in ipairs(queues) do
    local most = math.min(limit, queue_room(queue) or limit)
    if most > 0 then
      local flat = call('ZRANGE', K .. 'q:' .. queue, 0, most - 1, 'WITHSCORES')
      if #flat > 0 then sources = sources + 1 end
      for i = 1, #flat, 2 do found[#found + 1] = { seq = flat[i], score = tonumber(flat[i + 1]), queue = queue } end
    end
  end
  if sources > 1 then table.sort(found, by_score) end
  return found
end`,
  'claiming.put_off': `local function put_off(seq)
  index(DELAY_KEY, seq, whole(NOW + LEASE))
end`,
  'claiming.promote_run': `local function promote_run(seq)
  local run = read_run(seq)
  if run and run.place == 'delay' then
    admit_run(run, run.ready_at)
    return
  end
  index(DELAY_KEY, seq, false)
  if not run then
    index(LATE_KEY, seq, false)
    count('runs:pending', -1)
  elseif run.place == 'queue' then
    index(QUEUE_KEY[run.queue], seq, whole(queue_score(run)))
    work_came(run.queue)
  end
end`,
  'claiming.promote': `local function promote(limit)
  local ready = call('ZRANGEBYSCORE', DELAY_KEY, '-inf', NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #ready) do guarded_member(promote_run, put_off, ready[i]) end
  return #ready > limit
end`,
  'claiming.claimed': `local function claimed(run, version, json)
  return table.concat({
    run.seq, run.job, run.number, run.fence, run.attempt, run.trigger, run.scheduled_for and whole(run.scheduled_for) or '',
    version, run.cancel_reason and '1' or '', run.name or '', json,
  }, '|')
end`,
  'claiming.executed': `local function executed(run, job)
  if run.version == job.version then return job.json end
  local kept = call('HGET', K .. 'v:' .. job.id, whole(run.version))
  return kept and string.match(kept, '^%d+|(.*)$') or job.json
end`,
  'claiming.claim_again': `local function claim_again(request)
  local key = HELD_KEY[request.owner]
  local held = {}
  for _, seq in ipairs(call('ZRANGEBYSCORE', key, request.number, request.number)) do
    local run = indexed_run(seq)
    if run and run.status == 'running' and run.owner == request.owner then
      held[#held + 1] = run
    else
      index(key, seq, false)
    end
  end
  table.sort(held, function(a, b)
    local score_a, score_b = queue_score(a), queue_score(b)
    if score_a ~= score_b then return score_a < score_b end
    return a.seq < b.seq
  end)
  local list = {}
  for _, run in ipairs(held) do
    local job = read_job(run.job)
    if job then
      renew_lease(run)
      list[#list + 1] = claimed(run, run.version, executed(run, job))
    end
  end
  return list, #claimable(request.queues, 1) > 0
end`,
  'claiming.claim_found': `local function claim_found(entry, request, jobs)
  local run = read_run(entry.seq)
  if not run or run.status ~= 'pending' then
    index(QUEUE_KEY[entry.queue], entry.seq, false)
    if not run then
      index(LATE_KEY, entry.seq, false)
      count_state('pending', entry.queue, -1)
    end
    return nil
  end
  local job = jobs[run.job] or read_job(run.job)
  jobs[run.job] = job
  if not job or job.deleted_at then
    end_pending(run, 'deleted')
    return nil
  end
  begin_attempt(run, job, 'claim', {
    fence = run.fence + 1,
    owner = request.owner,
    worker = request.worker,
    claim = request.number,
  })
  return claimed(run, job.version, job.json)
end`,
  'claiming.usual_or_found': `local function usual_or_found(entry, request, jobs)
  return begin_usual(entry.seq, entry.queue, request) or claim_found(entry, request, jobs)
end`,
  'claiming.claim_run': `local function claim_run(entry, request, jobs)
  local ok, answer = pcall(usual_or_found, entry, request, jobs)
  if ok then return answer end
  tell_fault(entry.seq, answer)
  index(QUEUE_KEY[entry.queue], entry.seq, false)
  put_off(entry.seq)
  return nil
end`,
  'claiming.claim_runs': `local function claim_runs(request)
  local late = promote(MOST_ITEMS)
  flush_indexes()
  local key = K .. 'c:' .. request.owner
  local newest = tonumber(call('GET', key) or 0)
  if request.number < newest then return {}, false end
  if request.number == newest then return claim_again(request) end
  local found = claimable(request.queues, request.limit + 1)
  local list, jobs = {}, {}
  for i = 1, math.min(request.limit, #found) do
    list[#list + 1] = claim_run(found[i], request, jobs)
  end
  call('SET', key, whole(request.number), 'EX', 86400)
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
end`,
  'claiming.claim_request': `local function claim_request(at)
  local queues = {}
  for i = 1, tonumber(ARGV[at + 4]) do queues[i] = ARGV[at + 4 + i] end
  return {
    owner = ARGV[at],
    worker = ARGV[at + 1],
    limit = tonumber(ARGV[at + 2]),
    number = tonumber(ARGV[at + 3]),
    number_text = ARGV[at + 3],
    queues = queues,
  }
end`,
  'effects.CHANGES_KEPT': `local CHANGES_KEPT = 10000`,
  'effects.counts': `local counts, states = {}, {}`,
  'effects.indexes': `local indexes = {}`,
  'effects.changes': `local changes, change_lines, change_known, change_count = {}, 0, {}, 0`,
  'effects.hints': `local hints, hint_known = {}, {}`,
  'effects.marked': `local marked = {}`,
  'effects.count': `local function count(field, by)
  counts[field] = (counts[field] or 0) + by
end`,
  'effects.count_state': `local function count_state(status, queue, by)
  local of = states[queue]
  if not of then
    of = {}
    states[queue] = of
  end
  of[status] = (of[status] or 0) + by
end`,
  'effects.running_so_far': `local function running_so_far(queue)
  local of = states[queue]
  return of and of.running or 0
end`,
  'effects.total_states': `local function total_states()
  for queue, of in pairs(states) do
    for status, by in pairs(of) do
      count('runs:' .. status, by)
      if status == 'pending' or status == 'running' then count(status .. ':' .. queue, by) end
    end
  end
end`,
  'effects.flush_index': `local function flush_index(key, entry)
  if entry.out_count > 0 then call_with('ZREM', key, entry.out) end
  if entry.put_count > 0 then call_with('ZADD', key, entry.put) end
end`,
  'effects.index': `local function index(key, member, score)
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
end`,
  'effects.flush_indexes': `local function flush_indexes()
  for key, entry in pairs(indexes) do flush_index(key, entry) end
  indexes = {}
end`,
  'effects.tell_change': `local function tell_change(line, how_many)
  change_lines = change_lines + 1
  changes[change_lines] = line
  change_count = change_count + how_many
end`,
  'effects.changed': `local function changed(kind, ref)
  if change_known[ref] then return end
  change_known[ref] = true
  tell_change(kind .. ref, 1)
end`,
  'effects.run_changed': `local function run_changed(seq, job, number)
  if change_known[seq] then return end
  change_known[seq] = true
  tell_change('r' .. job .. '.' .. number, 1)
end`,
  'effects.run_and_job_changed': `local function run_and_job_changed(seq, job, number)
  if change_known[seq] or change_known[job] then
    run_changed(seq, job, number)
    changed('j', job)
    return
  end
  change_known[seq], change_known[job] = true, true
  tell_change('b' .. job .. '.' .. number, 2)
end`,
  'effects.hint': `local function hint(text)
  if hint_known[text] then return end
  hint_known[text] = true
  hints[#hints + 1] = text
end`,
  'effects.work_came': `local function work_came(queue)
  marked[queue] = true
  hint('w' .. queue)
end`,
  'effects.commit': `local function commit()
  flush_indexes()
  total_states()
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
  'ending.running_runs': `local function running_runs(job)
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
end`,
  'ending.end_deleted': `local function end_deleted(limit)
  local jobs = call('ZRANGE', K .. 'ending', 0, 1)
  if #jobs == 0 then return false end
  local job = read_job(jobs[1])
  local done = not job or end_open_runs(job, 'deleted', limit)
  if done then call('ZREM', K .. 'ending', jobs[1]) end
  return not done or #jobs > 1
end`,
  'engine.K': `local K = KEYS[1]`,
  'engine.call': `local call = redis.call`,
  'engine.INSTALLATION': `local INSTALLATION, KNOWN, TEST_TIME = string.match(ARGV[1], '^(.*)/(%d+)@(.*)$')
if INSTALLATION ~= '' then
  local id, version = unpack(call('HMGET', K .. 'schema', 'id', 'version'))
  if id ~= INSTALLATION then return redis.error_reply('GONE the installation is not here any more') end
  if version ~= KNOWN and tonumber(version or 0) > tonumber(KNOWN) then
    return redis.error_reply('NEWER the data is of a version that is not known')
  end
end`,
  'engine.clock': `local function clock()
  if TEST_TIME ~= '' then return tonumber(TEST_TIME) * 1000 end
  local time = call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end`,
  'engine.NOW_US': `local NOW_US = clock()`,
  'engine.NOW': `local NOW = math.floor(NOW_US / 1000)`,
  'engine.whole': `local function whole(number)
  return string.format('%d', number)
end`,
  'engine.NOW_TEXT': `local NOW_TEXT = whole(NOW)`,
  'engine.newest_seq': `local newest_seq = nil`,
  'engine.next_seq': `local function next_seq()
  newest_seq = newest_seq or tonumber(call('GET', K .. 'seq') or 0)
  newest_seq = math.max(NOW_US, newest_seq + 1)
  return string.format('%016d', newest_seq)
end`,
  'engine.SEQ_TELLS_MS': `local SEQ_TELLS_MS = 1000`,
  'engine.created_by': `local function created_by(seq)
  local told = math.floor(tonumber(seq) / 1000)
  if math.abs(told - NOW) > SEQ_TELLS_MS then return NOW, true end
  return told, false
end`,
  'engine.save_seq': `local function save_seq()
  if newest_seq then call('SET', K .. 'seq', whole(newest_seq)) end
end`,
  'engine.given': `local function given(text)
  if text == '' then return nil end
  return text
end`,
  'engine.given_number': `local function given_number(text)
  return tonumber(text) -- nil for ''
end`,
  'engine.to_table': `local function to_table(flat)
  local pairs_of = {}
  for i = 1, #flat, 2 do pairs_of[flat[i]] = flat[i + 1] end
  return pairs_of
end`,
  'engine.MOST_ARGUMENTS': `local MOST_ARGUMENTS = 4000`,
  'engine.call_with': `local function call_with(command, key, arguments)
  for from = 1, #arguments, MOST_ARGUMENTS do
    call(command, key, unpack(arguments, from, math.min(from + MOST_ARGUMENTS - 1, #arguments)))
  end
end`,
  'gate.flag_run': `local function flag_run(run, reason)
  hint('c' .. run_id(run))
  if not run.cancel_reason then change_run(run, { cancel_reason = reason }) end
end`,
  'gate.end_pending': `local function end_pending(run, reason)
  local event = reason == 'replaced' and run.attempt == 0 and 'skip' or 'cancel'
  move_run(run, event, { reason = reason, place = false, finished_at = NOW })
end`,
  'gate.end_open_runs': `local function end_open_runs(job, reason, limit)
  local open = { job.seq }
  if not job.single then
    open = call('ZREVRANGEBYSCORE', open_key(job.id), '+inf', RUNNING, 'LIMIT', 0, limit + 1)
  end
  for i = 1, math.min(limit, #open) do
    local run = read_run(open[i])
    if not run then
      call('ZREM', open_key(job.id), open[i]) -- See \`first_open\`.
    elseif run.status == 'running' then
      flag_run(run, reason)
    elseif run.status == 'pending' then
      end_pending(run, reason)
    end
  end
  return #open <= limit
end`,
  'gate.admit': `local function admit(job)
  local policy = job.overlap
  if policy == 'allow' then return 'admit' end
  local live, waiting = open_counts(job)
  if live == 0 and waiting == 0 then return 'admit' end
  if policy == 'skip' then return 'skip', 'overlap' end
  if policy == 'replace' then return 'replace' end
  if waiting < MOST_WAITING then return 'wait' end
  return 'skip', 'overlap_full'
end`,
  'gate.make_room': `local function make_room(job)
  return job.overlap ~= 'replace' or end_open_runs(job, 'replaced', MOST_ITEMS)
end`,
  'gate.pass_gate': `local function pass_gate(job, wanted)
  local admission, reason = 'admit', nil
  if not wanted.force then admission, reason = admit(job) end
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
  'guard.reason_of': `local function reason_of(fault)
  return tostring(type(fault) == 'table' and fault.err or fault)
end`,
  'guard.guarded': `local function guarded(step, ...)
  local ok, answer = pcall(step, ...)
  if ok then return answer end
  return { 'failed', reason_of(answer) }
end`,
  'guard.tell_fault': `local function tell_fault(member, fault)
  redis.log(redis.LOG_WARNING, 'jobsched: ' .. member .. ' failed and is put off: ' .. reason_of(fault))
end`,
  'guard.guarded_member': `local function guarded_member(step, put_off, member)
  local ok, fault = pcall(step, member)
  if ok then return end
  tell_fault(member, fault)
  put_off(member)
end`,
  'holding.held_run': `local function held_run(owner, id, fence, seq)
  local run = find_run(id, seq)
  local held = run and run.status == 'running' and run.owner == owner and run.fence == fence
  return held and run or nil, run
end`,
  'holding.held_or_adopted_run': `local function held_or_adopted_run(owner, id, fence, seq)
  local held, run = held_run(owner, id, fence, seq)
  if held or not run or run.status ~= 'pending' or run.fence >= fence then return held, run end
  local job = read_job(run.job)
  if not job then return nil, run end
  local worker = call('HGET', K .. 'w:' .. owner, 'name') or owner
  begin_attempt(run, job, 'adopt', { owner = owner, worker = worker, fence = fence })
  return run, run
end`,
  'holding.renew_lease': `local function renew_lease(run)
  index(LEASE_KEY, run.seq, whole(LEASE_NOW + LEASE))
  if run.contact_lost_at then change_run(run, { contact_lost_at = false }) end
end`,
  'holding.give_up': `local function give_up(run, detail)
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
  'jobs.FACTS': `local FACTS = '^(.)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|$'`,
  'jobs.STORED': `local STORED = '^(%d+)|([^{]*|)%d*(.*)$'`,
  'jobs.DUE_KEY': `local DUE_KEY = K .. 'due'`,
  'jobs.job_key': `local function job_key(id)
  return K .. 'j:' .. id
end`,
  'jobs.definition_key': `local function definition_key(id)
  return K .. 'd:' .. id
end`,
  'jobs.facts_known': `local facts_known = {}`,
  'jobs.parse_facts': `local function parse_facts(text)
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
end`,
  'jobs.parse_job': `local function parse_job(id, text)
  local seq, facts, json = string.match(text, STORED)
  return setmetatable({ id = id, seq = seq, json = json }, facts_known[facts] or parse_facts(facts))
end`,
  'jobs.read_job': `local function read_job(id)
  local text = call('GET', definition_key(id))
  if not text then return nil end
  local job = parse_job(id, text)
  local state = call('HGETALL', job_key(id))
  for i = 1, #state, 2 do
    local field = JOB_FIELD_NAMES[state[i]]
    if field then job[field] = field == 'done' and state[i + 1] or tonumber(state[i + 1]) end
  end
  job.single = job.type == 'once' and not job.last_number
  if job.single then
    job.last_number = 1
    job.last_run = tonumber(job.seq)
  end
  job.version = job.version or 1
  job.last_number = job.last_number or 0
  return job
end`,
  'jobs.read_living_job': `local function read_living_job(id)
  local job = read_job(id)
  return job and not job.deleted_at and job or nil
end`,
  'jobs.save_job': `local function save_job(job, fields)
  local set, gone = {}, {}
  for name, value in pairs(fields) do
    job[name] = value or nil
    if value == false then
      gone[#gone + 1] = JOB_FIELDS[name]
    else
      set[#set + 1] = JOB_FIELDS[name]
      set[#set + 1] = type(value) == 'number' and whole(value) or value
    end
  end
  if #gone > 0 then call('HDEL', job_key(job.id), unpack(gone)) end
  if #set > 0 then call('HSET', job_key(job.id), unpack(set)) end
end`,
  'jobs.job_counter': `local function job_counter(job)
  if job.type == 'once' then return 'jobs:once' end
  if job.paused then return 'jobs:paused' end
  return job.next_slot and 'jobs:scheduled' or 'jobs:finished'
end`,
  'jobs.change_job': `local function change_job(job, fields)
  if not job.deleted_at then count(job_counter(job), -1) end
  save_job(job, fields)
  if not job.deleted_at then count(job_counter(job), 1) end
  if job.type == 'cron' then index(DUE_KEY, job.id, job.next_slot and whole(job.next_slot) or false) end
  changed('j', job.id)
end`,
  'jobs.trim_soon': `local function trim_soon(job_id)
  index(K .. 'trim', job_id, NOW_TEXT)
end`,
  'keys.valid_key': `local function valid_key(id)
  local flat = id and call('HGETALL', K .. 'key:' .. id) or {}
  if #flat == 0 then return nil end
  local expires_at = tonumber(to_table(flat).expires_at)
  if expires_at and expires_at <= NOW then return nil end
  return flat
end`,
  'keys.other_keys': `local function other_keys(but)
  local count, admin, valid_admin = 0, false, false
  for _, id in ipairs(call('ZRANGE', K .. 'keys', 0, -1)) do
    if id ~= but then
      count = count + 1
      local role, expires_at = unpack(call('HMGET', K .. 'key:' .. id, 'role', 'expires_at'))
      admin = admin or role == 'admin'
      valid_admin = valid_admin or role == 'admin' and not (expires_at and tonumber(expires_at) <= NOW)
    end
  end
  return count, admin, valid_admin
end`,
  'lapsing.recount_running': `local function recount_running()
  flush_indexes()
  local running = { ['runs:running'] = 0 }
  for field in pairs(to_table(call('HGETALL', K .. 'n'))) do
    if string.sub(field, 1, 8) == 'running:' then running[field] = 0 end
  end
  for _, seq in ipairs(call('ZRANGE', LEASE_KEY, 0, -1)) do
    local run = indexed_run(seq)
    if run and run.status == 'running' then
      local field = 'running:' .. run.queue
      running[field] = (running[field] or 0) + 1
      running['runs:running'] = running['runs:running'] + 1
    end
  end
  for field, number in pairs(running) do call('HSET', K .. 'n', field, whole(number)) end
  for _, of in pairs(states) do of.running = 0 end
end`,
  'lapsing.put_off_lapse': `local function put_off_lapse(seq)
  index(LEASE_KEY, seq, whole(LEASE_NOW + LEASE))
end`,
  'lapsing.lapse': `local function lapse(limit)
  local flagged, lost, gone = {}, {}, false
  local function lapse_run(seq)
    local run = indexed_run(seq)
    if not run or run.status ~= 'running' then
      index(LEASE_KEY, seq, false)
      gone = gone or not run
      return
    end
    local decided = run.contact_lost_at ~= nil
    if not decided then
      local lost_after = (run.lost_after or LOST_AFTER) * SECOND
      change_run(run, { contact_lost_at = NOW })
      count('happened:contact_lost', 1)
      index(LEASE_KEY, seq, whole(LEASE_NOW + lost_after))
      flagged[#flagged + 1] = run_id(run)
      decided = lost_after == 0
    end
    if decided then
      give_up(run, 'its worker was out of contact')
      lost[#lost + 1] = run_id(run)
    end
  end
  local past = call('ZRANGEBYSCORE', LEASE_KEY, '-inf', LEASE_NOW, 'LIMIT', 0, limit + 1)
  for i = 1, math.min(limit, #past) do guarded_member(lapse_run, put_off_lapse, past[i]) end
  if gone then recount_running() end
  return flagged, lost, #past > limit
end`,
  'leases.LEASE_NOW': `local LEASE_NOW`,
  'leases.LEASE_SHIFT': `local LEASE_SHIFT`,
  'leases.GRACE': `local GRACE`,
  'leases.note_contact': `local function note_contact()
  local last, shift, grace = unpack(call('HMGET', K .. 'contact', 'last', 'shift', 'grace'))
  last, shift, grace = tonumber(last or NOW), tonumber(shift or 0), tonumber(grace or 0)
  local gap = NOW - last
  if gap < 0 or gap > LEASE / 2 then
    shift = shift - gap
    grace = NOW + shift + LEASE
  end
  LEASE_NOW, LEASE_SHIFT, GRACE = NOW + shift, shift, grace
  call('HSET', K .. 'contact', 'last', whole(NOW), 'shift', whole(shift), 'grace', whole(grace))
end`,
  'leases.TICK_MISSED': `local TICK_MISSED = 1500`,
  'leases.note_tick': `local function note_tick(most, seen, too_far)
  note_contact()
  local ticked = tonumber(call('HGET', K .. 'contact', 'ticked') or 0)
  if too_far and seen == LEASE_SHIFT then
    LEASE_NOW, LEASE_SHIFT = LEASE_NOW - too_far, LEASE_SHIFT - too_far
  end
  local shift = LEASE_SHIFT
  if most then
    LEASE_NOW = math.min(LEASE_NOW, math.max(most, ticked))
    ticked = LEASE_NOW
  elseif LEASE_NOW - ticked > TICK_MISSED then
    GRACE = LEASE_NOW + LEASE
  else
    LEASE_NOW = math.min(LEASE_NOW, ticked)
  end
  LEASE_SHIFT = LEASE_NOW - NOW
  call('HSET', K .. 'contact', 'shift', whole(shift), 'grace', whole(GRACE), 'ticked', whole(ticked))
  return shift
end`,
  'output.FRAME_HEADER': `local FRAME_HEADER = 11`,
  'output.to_blocks': `local function to_blocks(encoded, offset, skip, head)
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
end`,
  'output.frames_size': `local function frames_size(encoded)
  local size, position = 0, 1
  while position <= #encoded do
    local length = struct.unpack('>I4', encoded, position + 7)
    size = size + length
    position = position + FRAME_HEADER + length
  end
  return size
end`,
  'output.kept_from': `local function kept_from(limit, total)
  local head = math.floor(limit / 4)
  return math.max(head, total - (limit - head)), head
end`,
  'output.blocks_key': `local function blocks_key(seq, attempt)
  return K .. 'b:' .. seq .. ':' .. attempt
end`,
  'output.block_key': `local function block_key(seq, attempt, start)
  return K .. 't:' .. seq .. ':' .. attempt .. ':' .. start
end`,
  'output.append_output': `local function append_output(run, offset, encoded)
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
  'queues.QUEUES_KEY': `local QUEUES_KEY = K .. 'queues'`,
  'queues.any_setting': `local any_setting = nil`,
  'queues.settings': `local settings = {}`,
  'queues.queue_setting': `local function queue_setting(queue)
  if any_setting == nil then any_setting = call('EXISTS', QUEUES_KEY) == 1 end
  if not any_setting then return false end
  if settings[queue] == nil then
    local paused, limit = string.match(call('HGET', QUEUES_KEY, queue) or '', '^(p?):(%d*)$')
    settings[queue] = paused and { paused = paused == 'p', limit = tonumber(limit) } or false
  end
  return settings[queue]
end`,
  'queues.save_queue_setting': `local function save_queue_setting(queue, setting)
  if setting.paused or setting.limit then
    call('HSET', QUEUES_KEY, queue, (setting.paused and 'p' or '') .. ':' .. (setting.limit and whole(setting.limit) or ''))
    any_setting = true
  else
    call('HDEL', QUEUES_KEY, queue)
  end
  settings[queue] = setting
end`,
  'queues.queue_room': `local function queue_room(queue)
  local setting = queue_setting(queue)
  if not setting then return false end
  if setting.paused then return 0 end
  if not setting.limit then return false end
  local running = tonumber(call('HGET', K .. 'n', 'running:' .. queue) or 0) + running_so_far(queue)
  return math.max(0, setting.limit - running)
end`,
  'queues.has_queued': `local function has_queued(queue)
  return call('EXISTS', K .. 'q:' .. queue) == 1
end`,
  'queues.room_came': `local function room_came(queue)
  local room = queue_room(queue)
  if room and room > 0 and has_queued(queue) then work_came(queue) end
end`,
  'removing.is_final': `local function is_final(run)
  return run.status ~= 'pending' and run.status ~= 'running'
end`,
  'removing.remove_blocks': `local function remove_blocks(seq, attempt, output)
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
end`,
  'removing.newest_output': `local function newest_output(run)
  return { total = run.output_total, kept = run.output_kept, entry = run.output_entry }
end`,
  'removing.archived_output': `local function archived_output(text)
  local parts, output = { string.match(text or '', ARCHIVED) }, {}
  if #parts == 0 then return nil end
  for i, name in ipairs(ATTEMPT_FIELDS) do output[name] = given(parts[i]) end
  return { total = given_number(output.output_total), kept = given_number(output.output_kept), entry = output.output_entry }
end`,
  'removing.remove_run': `local function remove_run(run)
  remove_blocks(run.seq, whole(run.attempt), newest_output(run))
  for attempt = 1, run.attempt - 1 do
    local output = archived_output(call('HGET', attempts_key(run.seq), whole(attempt)))
    if output then remove_blocks(run.seq, whole(attempt), output) end
  end
  call('UNLINK', run_key(run.seq), attempts_key(run.seq))
  call('XDEL', K .. 'runs', run.seq .. '-0')
  if run.status == 'failed' then index(K .. 'failed', run.seq, false) end
  count('runs:' .. run.status, -1)
end`,
  'removing.remove_job': `local function remove_job(job)
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
  'requests.remember_request': `local function remember_request(key, fingerprint)
  local known = call('GET', K .. 'i:' .. key)
  local at, by = string.match(known or '', '^(%d+)|(.*)$')
  if at and tonumber(at) > NOW - REQUEST_LIFE then return by == fingerprint end
  call('SET', K .. 'i:' .. key, whole(NOW) .. '|' .. fingerprint, 'PX', REQUEST_LIFE)
  return true
end`,
  'runs.NUMBERS': `local NUMBERS = {
  number = true, scheduled_for = true, created_at = true, started_at = true, finished_at = true, priority = true,
  ready_at = true, late_at = true, attempt = true, fence = true, contact_lost_at = true, skipped_first = true,
  skipped_last = true, skipped_count = true, skipped_at_least = true, version = true,
  attempt_started_at = true, attempt_finished_at = true, output_limit = true, output_total = true, output_kept = true,
  lost_after = true, lost_retries = true, attempt_fence = true,
}`,
  'runs.RUNS_KEY': `local RUNS_KEY = K .. 'runs'`,
  'runs.USUAL_TRIGGER': `local USUAL_TRIGGER = { once = 'u', cron = 's' }`,
  'runs.run_key': `local function run_key(seq)
  return K .. 'r:' .. seq
end`,
  'runs.run_id': `local function run_id(run)
  return run.job .. '.' .. whole(run.number)
end`,
  'runs.read_run': `local function read_run(seq)
  local flat = call('HGETALL', run_key(seq))
  if #flat == 0 then return nil end
  local run = { seq = seq }
  for i = 1, #flat, 2 do
    local name, value = RUN_FIELD_NAMES[flat[i]], flat[i + 1]
    if NUMBERS[name] then value = tonumber(value) end
    if name then run[name] = value end
  end
  run.number = run.number or 1
  run.status = run.status and STATUS_NAMES[run.status] or 'pending'
  run.place = run.status == 'pending' and (run.place and PLACE_NAMES[run.place] or 'queue') or nil
  run.type = run.type or 'once'
  run.trigger = TRIGGER_NAMES[run.trigger or USUAL_TRIGGER[run.type]]
  run.queue = run.queue or 'default'
  run.priority = run.priority or 0
  run.attempt = run.attempt or (run.owner and 1 or 0)
  run.fence = run.fence or run.attempt
  run.version = run.version or (run.owner and 1 or nil)
  run.created_at = run.created_at or math.floor(tonumber(seq) / 1000)
  run.ready_at = run.ready_at or run.scheduled_for or run.created_at
  return run
end`,
  'runs.indexed_run': `local function indexed_run(seq)
  local ok, run = pcall(read_run, seq)
  return ok and run or nil
end`,
  'runs.find_run': `local function find_run(id, hint_seq)
  local hinted = hint_seq and hint_seq ~= '' and indexed_run(hint_seq)
  if hinted and hinted.job and run_id(hinted) == id then return hinted end
  local job, number = string.sub(id, 1, 36), string.sub(id, 38)
  local birth = call('GETRANGE', definition_key(job), 0, 17)
  if birth == '' then return nil end
  if number == '1' and string.sub(birth, 18) == 'o' then
    return read_run(string.sub(birth, 1, 16))
  end
  local seq = call('ZRANGEBYSCORE', K .. 'l:' .. job, number, number)[1]
  return seq and read_run(seq)
end`,
  'runs.place_at': `local function place_at(ready_at)
  return ready_at > NOW and 'delay' or 'queue'
end`,
  'runs.queue_score': `local function queue_score(run)
  return (100 - run.priority) * 4398046511104 + run.ready_at
end`,
  'runs.ASKED_TO_END': `local ASKED_TO_END, RUNNING, PENDING, TURN = 0, 1, 2, 3`,
  'runs.openness': `local function openness(run)
  if run.status == 'running' then return run.cancel_reason and ASKED_TO_END or RUNNING end
  if run.status ~= 'pending' then return nil end
  return run.place == 'turn' and TURN or PENDING
end`,
  'runs.names_by': `local function names_by(prefix)
  return setmetatable({}, {
    __index = function(known, key)
      known[key] = prefix .. key
      return known[key]
    end,
  })
end`,
  'runs.QUEUE_KEY': `local QUEUE_KEY = names_by(K .. 'q:')`,
  'runs.DELAY_KEY': `local DELAY_KEY, FAILED_KEY, DONE_KEY, LATE_KEY = K .. 'delay', K .. 'failed', K .. 'done', K .. 'late'`,
  'runs.tell': `local function tell(status_before, place_before, run)
  if status_before == run.status then
    run_changed(run.seq, run.job, run.number)
  else
    run_and_job_changed(run.seq, run.job, run.number)
    if status_before then count_state(status_before, run.queue, -1) end
    count_state(run.status, run.queue, 1)
    if status_before == 'running' then room_came(run.queue) end
    if run.status == 'failed' then index(FAILED_KEY, run.seq, run.seq) end
    if not MOVES[run.status] then count_end(run.status, run.reason) end
  end
  if place_before == run.place then return end
  if place_before == 'queue' then index(QUEUE_KEY[run.queue], run.seq, false) end
  if place_before == 'delay' then index(DELAY_KEY, run.seq, false) end
  if run.place == 'queue' then
    index(QUEUE_KEY[run.queue], run.seq, whole(queue_score(run)))
    work_came(run.queue)
  elseif run.place == 'delay' then
    index(DELAY_KEY, run.seq, whole(run.ready_at))
    hint('s')
  end
end`,
  'runs.STORED': `local STORED = { status = STATUS_CODES, place = PLACE_CODES, trigger = TRIGGER_CODES }`,
  'runs.save_run': `local function save_run(run, fields)
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
end`,
  'runs.admit_oldest': `local admit_oldest`,
  'runs.open_key': `local function open_key(job_id)
  return K .. 'o:' .. job_id
end`,
  'runs.first_open': `local function first_open(open, least, most)
  while true do
    local seq = call('ZRANGEBYSCORE', open, least, most, 'LIMIT', 0, 1)[1]
    if not seq or call('EXISTS', run_key(seq)) == 1 then return seq end
    call('ZREM', open, seq)
  end
end`,
  'runs.first_live': `local function first_live(open)
  return first_open(open, ASKED_TO_END, PENDING)
end`,
  'runs.note_done': `local function note_done(job_id, job_seq, single, is_done)
  count('done', is_done and 1 or -1)
  if is_done then
    local seq = next_seq()
    if single then call('XADD', DONE_KEY, seq, 'j', job_seq) else call('XADD', DONE_KEY, seq, 'i', job_id) end
    if not single then call('HSET', job_key(job_id), 'dn', seq) end
  elseif not single then
    call('HSET', job_key(job_id), 'dn', '')
  end
end`,
  'runs.is_single': `local function is_single(run)
  if run.single == nil then run.single = not call('HGET', job_key(run.job), 'n') end
  return run.single
end`,
  'runs.follow': `local function follow(was, run)
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
  local is_open = call('EXISTS', open) == 1
  if is_open and was ~= TURN and not first_live(open) then is_open = admit_oldest(open) end
  if not is_open and run.type == 'once' then
    note_done(run.job, call('GETRANGE', definition_key(run.job), 0, 15), false, true)
  end
end`,
  'runs.may_be_late': `local function may_be_late(run)
  return run.late_at and run.status == 'pending' and not run.started_at
end`,
  'runs.change_run': `local function change_run(run, fields)
  local status, place, was, waited = run.status, run.place, openness(run), may_be_late(run)
  save_run(run, fields)
  local waits = may_be_late(run)
  if waits ~= waited then index(LATE_KEY, run.seq, waits and whole(run.late_at)) end
  tell(status, place, run)
  follow(was, run)
end`,
  'runs.move_run': `local function move_run(run, event, fields)
  local status = MOVES[run.status] and MOVES[run.status][event]
  if not status then error('a run that is ' .. run.status .. ' cannot ' .. event) end
  fields.status = status
  change_run(run, fields)
end`,
  'runs.admit_run': `local function admit_run(run, ready_at)
  change_run(run, { place = place_at(ready_at), ready_at = ready_at })
end`,
  'runs.admit_oldest.2': `admit_oldest = function(open)
  local seq = first_open(open, TURN, TURN)
  if not seq then return false end
  local run = read_run(seq)
  admit_run(run, math.max(run.ready_at, NOW))
  return true
end`,
  'runs.unfold': `local function unfold(job)
  if not job.single then return end
  local first = read_run(job.seq)
  call('ZADD', K .. 'l:' .. job.id, 1, job.seq)
  save_job(job, { last_number = 1, last_run = tonumber(job.seq) })
  job.single = false
  local openness_of_first = first and openness(first)
  if openness_of_first then
    call('ZADD', open_key(job.id), openness_of_first, job.seq)
    call('HSET', job_key(job.id), 'dn', '')
  else
    call('HSET', job_key(job.id), 'dn', '-')
  end
end`,
  'runs.put': `local function put(flat, field, value)
  flat[#flat + 1] = field
  flat[#flat + 1] = value
end`,
  'runs.birth_fields': `local function birth_fields(job, birth)
  local flat = { 'j', job.id }
  if birth.number ~= 1 then put(flat, 'n', whole(birth.number)) end
  if birth.status ~= 'pending' then put(flat, 's', STATUS_CODES[birth.status]) end
  local trigger = TRIGGER_CODES[birth.trigger]
  if trigger ~= USUAL_TRIGGER[job.type] then put(flat, 't', trigger) end
  if birth.place and birth.place ~= 'queue' then put(flat, 'pl', PLACE_CODES[birth.place]) end
  if job.name then put(flat, 'nm', job.name) end
  if job.type == 'cron' then put(flat, 'y', 'cron') end
  if job.queue ~= 'default' then put(flat, 'q', job.queue) end
  if job.priority ~= 0 then put(flat, 'p', whole(job.priority)) end
  if birth.created_at_untold then put(flat, 'ca', whole(birth.created_at)) end
  if birth.ready_at ~= (birth.scheduled_for or birth.created_at) then put(flat, 'ra', whole(birth.ready_at)) end
  if birth.scheduled_for then put(flat, 'sf', whole(birth.scheduled_for)) end
  if birth.late_at then put(flat, 'lt', whole(birth.late_at)) end
  if birth.status == 'skipped' then
    put(flat, 'r', birth.reason)
    put(flat, 'fi', NOW_TEXT)
    put(flat, 'k1', whole(birth.skipped_first))
    put(flat, 'k2', whole(birth.skipped_last))
    put(flat, 'kc', whole(birth.skipped_count))
    if birth.skipped_at_least then put(flat, 'ka', '1') end
  end
  return flat
end`,
  'runs.write_birth': `local function write_birth(job, seq, birth)
  birth.seq = seq
  birth.job = job.id
  birth.type = job.type
  birth.queue = job.queue
  birth.priority = job.priority
  birth.attempt, birth.fence = 0, 0
  birth.created_at, birth.created_at_untold = created_by(seq)
  if job.late_after and birth.status == 'pending' then
    birth.late_at = (birth.scheduled_for or birth.created_at) + job.late_after * SECOND
    index(LATE_KEY, seq, whole(birth.late_at))
  end
  call('HSET', run_key(seq), unpack(birth_fields(job, birth)))
  call('XADD', RUNS_KEY, seq, 'r', '')
  tell(nil, nil, birth)
  return birth
end`,
  'runs.bear_first_run': `local function bear_first_run(job, birth)
  birth.number = 1
  return write_birth(job, job.seq, birth)
end`,
  'runs.bear_run': `local function bear_run(job, birth)
  unfold(job)
  local seq = next_seq()
  local number = job.last_number + 1
  birth.number = number
  local run = write_birth(job, seq, birth)
  call('ZADD', K .. 'l:' .. job.id, whole(number), seq)
  save_job(job, { last_number = number, last_run = tonumber(seq) })
  local is = openness(run)
  if is then
    call('ZADD', open_key(job.id), is, seq)
    if job.type == 'once' and call('ZCARD', open_key(job.id)) == 1 then note_done(job.id, job.seq, false, false) end
  elseif job.type == 'cron' then
    trim_soon(job.id)
  end
  return run
end`,
  'runs.open_counts': `local function open_counts(job)
  if job.single then
    local first = read_run(job.seq)
    return first and openness(first) and 1 or 0, 0
  end
  local open = open_key(job.id)
  if call('EXISTS', open) == 0 then return 0, 0 end
  if not first_live(open) then admit_oldest(open) end
  local live = call('ZCOUNT', open, ASKED_TO_END, PENDING)
  return live, call('ZCARD', open) - live
end`,
  'skipped.record_skipped': `local function record_skipped(job, reason, slots)
  local newest = job.last_run and read_run(string.format('%016d', job.last_run))
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
    ready_at = slots.first,
    skipped_first = slots.first,
    skipped_last = slots.last,
    skipped_count = slots.count,
    skipped_at_least = slots.at_least,
  })
end`,
  'skipped.pass_over_due': `local function pass_over_due(job, fields)
  local slot = job.next_slot
  if not slot or slot > NOW then return fields end
  record_skipped(job, 'misfire', { first = slot, last = slot, count = 1, at_least = true })
  fields.last_slot = slot
  return fields
end`,
  'totals.count_end': `local function count_end(status, reason)
  count('ended:' .. status .. (reason and ':' .. reason or ''), 1)
end`,
  'totals.count_length': `local function count_length(kind, bounds, length)
  length = math.max(0, math.floor(length + 0.5))
  local bucket = BEYOND
  for _, bound in ipairs(bounds) do
    if length <= bound then
      bucket = whole(bound)
      break
    end
  end
  count(kind .. ':' .. bucket, 1)
  count(kind .. ':sum', length)
end`,
  'totals.count_start': `local function count_start(due, late_at)
  if due then count_length('lateness', LATENESS_BOUNDS, NOW - due) end
  if late_at and NOW > late_at then count('happened:late', 1) end
end`,
  'totals.count_duration': `local function count_duration(duration_ms)
  if duration_ms then count_length('duration', DURATION_BOUNDS, tonumber(duration_ms)) end
end`,
  'usual.LEASE_END': `local LEASE_END = nil`,
  'usual.is_usual': `local function is_usual(run)
  return not (run['f'] or run['a'] or run['x']
    or run['cl'])
end`,
  'usual.begin_usual': `local function begin_usual(seq, queue, request)
  local key = run_key(seq)
  local run = to_table(call('HGETALL', key))
  local id = run['j']
  if not id or run['o'] or run['s'] or run['lt'] or not is_usual(run) then
    return nil
  end
  local text = call('GET', definition_key(id))
  if not text then return nil end
  local version, deleted, listed =
    unpack(call('HMGET', job_key(id), 'v', 'del', 'n'))
  local job = parse_job(id, text)
  if version or deleted or job.output_limit or job.lost_after or job.lost_retries then return nil end
  call('HSET', key, 's', 'r', 'o', request.owner,
    'w', request.worker, 'st', NOW_TEXT)
  LEASE_END = LEASE_END or whole(LEASE_NOW + LEASE)
  index(QUEUE_KEY[queue], seq, false)
  index(LEASE_KEY, seq, LEASE_END)
  index(HELD_KEY[request.owner], seq, request.number_text)
  count_state('pending', queue, -1)
  count_state('running', queue, 1)
  count_start(tonumber(run['sf']))
  local number = run['n'] or '1'
  tell_change('b' .. id .. '.' .. number, 2)
  if listed or run['y'] then call('ZADD', open_key(id), RUNNING, seq) end
  local trigger = TRIGGER_NAMES[run['t'] or USUAL_TRIGGER[run['y'] or 'once']]
  return seq .. '|' .. id .. '|' .. number .. '|1|1|' .. trigger .. '|'
    .. (run['sf'] or '') .. '|1||' .. (run['nm'] or '') .. '|' .. job.json
end`,
  'usual.end_usual': `local function end_usual(owner, id, seq, duration_ms, finished_at)
  local key = run_key(seq)
  local run = to_table(call('HGETALL', key))
  local job, number, queue = run['j'], run['n'] or '1', run['q'] or 'default'
  if not job or job .. '.' .. number ~= id or run['s'] ~= 'r'
    or run['o'] ~= owner or run['ot'] or not is_usual(run) then return false end
  call('HSET', key, 's', 's', 'fi', whole(finished_at),
    'du', duration_ms)
  count_state('running', queue, -1)
  count_state('succeeded', queue, 1)
  count_end('succeeded')
  count_duration(duration_ms)
  room_came(queue)
  tell_change('b' .. id, 2)
  follow(RUNNING, { seq = seq, job = job, type = run['y'] or 'once', status = 'succeeded' })
  index(LEASE_KEY, seq, false)
  index(HELD_KEY[owner], seq, false)
  return true
end`,
  'versions.SCHEMA_KEY': `local SCHEMA_KEY = K .. 'schema'`,
  'versions.note_program': `local function note_program()
  call('HSET', SCHEMA_KEY, 'seen:' .. KNOWN, NOW_TEXT)
  local version, known = tonumber(call('HGET', SCHEMA_KEY, 'version') or 0), tonumber(KNOWN)
  for each = version, known do
    local seen = tonumber(call('HGET', SCHEMA_KEY, 'seen:' .. each) or 0)
    if seen > NOW - VERSION_RISES_AFTER then
      if each > version then call('HSET', SCHEMA_KEY, 'version', each) end
      return
    end
  end
end`,
} as const;

/** All scripts, by the name of their file, with the parts that they reach, in order. */
export const SCRIPTS = {
  'abandon': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.LEASE', 'constants.LATENESS_BOUNDS', 'constants.BEYOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.trim_soon', 'totals.count_end', 'totals.count_length', 'totals.count_duration', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.let_go', 'attempts.event_of', 'attempts.end_attempt', 'holding.give_up', 'guard.reason_of', 'guard.tell_fault', 'guard.guarded_member'], body: `note_contact()
local owner, limit, lost = ARGV[2], tonumber(ARGV[3]), {}
local held = HELD_KEY[owner]
local function let_fall(seq)
  index(held, seq, false)
end
local function decide(seq)
  local run = indexed_run(seq)
  if not run or run.status ~= 'running' or run.owner ~= owner then return let_fall(seq) end
  give_up(run, 'its worker has died')
  lost[#lost + 1] = run_id(run)
end
local seqs = call('ZRANGE', held, 0, limit - 1)
for _, seq in ipairs(seqs) do guarded_member(decide, let_fall, seq) end
commit()
return { #seqs == limit and 1 or 0, lost }` },
  'append-audit': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.whole', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq'], body: `local more = 0
for i = 2, #ARGV, 2 do
  if call('ZADD', K .. 'audit', 'NX', next_seq(), ARGV[i + 1]) == 1 then more = more + tonumber(ARGV[i]) end
end
save_seq()
if more > 0 then call('HINCRBY', K .. 'n', 'audited_more', more) end
return ''` },
  'append-output': { shebang: '#!lua', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.LEASE', 'constants.OUTPUT_LIMIT', 'constants.LATENESS_BOUNDS', 'constants.BEYOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.trim_soon', 'totals.count_end', 'totals.count_length', 'totals.count_start', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.find_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.attempts_key', 'attempts.put_archived', 'attempts.left_field', 'attempts.archive_attempt', 'attempts.no_attempt', 'attempts.begin_attempt', 'holding.held_run', 'holding.held_or_adopted_run', 'output.FRAME_HEADER', 'output.to_blocks', 'output.frames_size', 'output.kept_from', 'output.blocks_key', 'output.block_key', 'output.append_output', 'guard.reason_of', 'guard.guarded'], body: `note_contact()
local owner, reply = ARGV[2], {}
local function append(at)
  local run = held_or_adopted_run(owner, ARGV[at], tonumber(ARGV[at + 1]))
  if not run then return 'lost' end
  return append_output(run, tonumber(ARGV[at + 2]), ARGV[at + 3])
end
for at = 3, #ARGV, 4 do reply[#reply + 1] = guarded(append, at) end
commit()
return reply` },
  'cancel': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.find_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'gate.flag_run', 'gate.end_pending'], body: `local mark = ARGV[3]
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
  'claim': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.MOST_ITEMS', 'constants.LEASE', 'constants.LATENESS_BOUNDS', 'constants.BEYOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.to_table', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.trim_soon', 'totals.count_end', 'totals.count_length', 'totals.count_start', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.read_run', 'runs.indexed_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.attempts_key', 'attempts.put_archived', 'attempts.left_field', 'attempts.archive_attempt', 'attempts.no_attempt', 'attempts.begin_attempt', 'holding.renew_lease', 'gate.end_pending', 'usual.LEASE_END', 'usual.is_usual', 'usual.begin_usual', 'guard.reason_of', 'guard.tell_fault', 'guard.guarded_member', 'claiming.by_score', 'claiming.claimable', 'claiming.put_off', 'claiming.promote_run', 'claiming.promote', 'claiming.claimed', 'claiming.executed', 'claiming.claim_again', 'claiming.claim_found', 'claiming.usual_or_found', 'claiming.claim_run', 'claiming.claim_runs', 'claiming.claim_request'], body: `note_contact()
local list, more = claim_runs(claim_request(2))
commit()
return { NOW, more and 1 or 0, list }` },
  'close-session': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION'], body: `local key = K .. 'session:' .. ARGV[2]
local id = string.match(call('GET', key) or '', '|(.*)$')
if id then call('ZREM', K .. 'sessions:' .. id, ARGV[2]) end
call('DEL', key)
return ''` },
  'create-jobs': { shebang: '#!lua', parts: ['constants.MOVES', 'constants.STATUS_CODES', 'constants.PLACE_CODES', 'constants.TRIGGER_CODES', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.SEQ_TELLS_MS', 'engine.created_by', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.job_counter', 'totals.count_end', 'runs.RUNS_KEY', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.place_at', 'runs.queue_score', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.put', 'runs.birth_fields', 'runs.write_birth', 'runs.bear_first_run', 'requests.remember_request', 'guard.reason_of', 'guard.guarded'], body: `local JOBS_KEY = K .. 'jobs'
local function made_before(id, text)
  local seq, by = string.match(call('GET', definition_key(id)), '^(%d+)|(.*)$')
  if by ~= text then return { 'id' } end
  return tonumber(call('HGET', job_key(id), 'ca')) or math.floor(tonumber(seq) / 1000)
end
local USUAL = 'o||||||'
local USUAL_SCORE = whole(queue_score({ priority = 0, ready_at = NOW }))
local function bear_usual(id, seq, created_at)
  call('HSET', run_key(seq), 'j', id)
  if created_at ~= NOW then call('HSET', run_key(seq), 'ra', NOW_TEXT) end
  call('XADD', RUNS_KEY, seq, 'r', '')
  index(QUEUE_KEY.default, seq, USUAL_SCORE)
  count_state('pending', 'default', 1)
  work_came('default')
  tell_change('b' .. id .. '.1', 2)
end
local function bear_once(job, at)
  local run_at = given_number(at)
  local ready_at = run_at or NOW
  bear_first_run(job, {
    status = 'pending',
    trigger = 'submit',
    scheduled_for = run_at,
    ready_at = ready_at,
    place = place_at(ready_at),
  })
end
local function schedule(job, at)
  call('ZADD', K .. 'crons', job.seq, job.id)
  if at ~= '' then
    call('HSET', job_key(job.id), 'ns', at)
    index(DUE_KEY, job.id, at)
  end
  job.next_slot = given_number(at)
  count(job_counter(job), 1)
  changed('j', job.id)
  hint('s')
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
  local created_at, untold = created_by(seq)
  if untold then call('HSET', job_key(id), 'ca', whole(created_at)) end
  if string.sub(text, 1, 1) == 'c' then
    schedule(parse_job(id, stored), at)
  else
    count('jobs:once', 1)
    if at == '' and not untold and string.sub(text, 1, #USUAL) == USUAL then
      bear_usual(id, seq, created_at)
    else
      bear_once(parse_job(id, stored), at)
    end
  end
  return created_at
end
local reused = ARGV[2] ~= '' and not remember_request(ARGV[2], ARGV[3])
local reply = {}
for at = 4, #ARGV, 4 do
  reply[#reply + 1] = reused and { 'key_reused' }
    or guarded(create, ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
end
commit()
return reply` },
  'create-key': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'keys.other_keys'], body: `local id, name, role, hash, expires_at = ARGV[2], ARGV[3], ARGV[4], ARGV[5], given(ARGV[6])
local key = K .. 'key:' .. id
if call('EXISTS', key) == 1 then return { 'existing', call('HGETALL', key) } end
if call('HEXISTS', K .. 'keynames', name) == 1 then return 'name_taken' end
if role ~= 'admin' then
  local _, admin = other_keys()
  if not admin then return 'admin_first' end
end
local seq = next_seq()
call('HSET', key, 'name', name, 'role', role, 'hash', hash, 'created_at', NOW_TEXT)
if expires_at then call('HSET', key, 'expires_at', expires_at) end
call('HSET', K .. 'keynames', name, id)
call('HSET', K .. 'keyhashes', hash, id)
call('ZADD', K .. 'keys', seq, id)
save_seq()
return { 'created', call('HGETALL', key) }` },
  'delete-job': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.JOB_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.MOST_ITEMS', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.save_job', 'jobs.job_counter', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'gate.flag_run', 'gate.end_pending', 'gate.end_open_runs', 'ending.running_runs'], body: `local mark = tonumber(ARGV[4])
local job = read_job(ARGV[2])
if job and job.deleted_by == mark then return { 'deleted' } end
if not job or job.deleted_at then return { 'not_found' } end
local running = running_runs(job)
if #running > 0 and ARGV[3] ~= '1' then return { 'running', unpack(running) } end
count(job_counter(job), -1)
save_job(job, { deleted_at = NOW, deleted_by = mark, next_slot = false })
index(DUE_KEY, job.id, false)
if job.name then call('HDEL', K .. 'names', job.name) end
call('XDEL', K .. 'jobs', job.seq .. '-0')
call('ZREM', K .. 'crons', job.id)
changed('j', job.id)
if not end_open_runs(job, 'deleted', MOST_ITEMS) then
  call('ZADD', K .. 'ending', NOW, job.id)
  hint('s')
end
trim_soon(job.id)
commit()
return { 'deleted' }` },
  'drain-worker': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.hint', 'effects.commit'], body: `local key = K .. 'w:' .. ARGV[2]
local state, drain = unpack(call('HMGET', key, 'state', 'drain'))
if not state or state == 'stopped' then return 'not_found' end
if not drain then
  call('HSET', key, 'drain', '1')
  changed('w', ARGV[2])
end
hint('d' .. ARGV[2])
commit()
return 'asked'` },
  'find-key': { shebang: '#!lua flags=no-writes,allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.to_table', 'keys.valid_key'], body: `local id, session_ends
if ARGV[2] == 'key' then
  id = call('HGET', K .. 'keyhashes', ARGV[3])
else
  session_ends, id = string.match(call('GET', K .. 'session:' .. ARGV[3]) or '', '^(%d+)|(.*)$')
  if session_ends and tonumber(session_ends) <= NOW then return {} end
end
local fields = id and valid_key(id)
if not fields then return {} end
return { id, fields, session_ends or '' }` },
  'finish': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.MOST_ITEMS', 'constants.LEASE', 'constants.OUTPUT_LIMIT', 'constants.LATENESS_BOUNDS', 'constants.BEYOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.to_table', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.trim_soon', 'totals.count_end', 'totals.count_length', 'totals.count_start', 'totals.count_duration', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.find_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'attempts.ARCHIVED', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.attempts_key', 'attempts.put_archived', 'attempts.left_field', 'attempts.archive_attempt', 'attempts.no_attempt', 'attempts.begin_attempt', 'attempts.let_go', 'attempts.event_of', 'attempts.end_attempt', 'attempts.ended_before', 'holding.held_run', 'holding.held_or_adopted_run', 'holding.renew_lease', 'gate.end_pending', 'usual.LEASE_END', 'usual.is_usual', 'usual.begin_usual', 'usual.end_usual', 'guard.reason_of', 'guard.guarded', 'guard.tell_fault', 'guard.guarded_member', 'claiming.by_score', 'claiming.claimable', 'claiming.put_off', 'claiming.promote_run', 'claiming.promote', 'claiming.claimed', 'claiming.executed', 'claiming.claim_again', 'claiming.claim_found', 'claiming.usual_or_found', 'claiming.claim_run', 'claiming.claim_runs', 'claiming.claim_request', 'output.FRAME_HEADER', 'output.to_blocks', 'output.frames_size', 'output.kept_from', 'output.blocks_key', 'output.block_key', 'output.append_output'], body: `local ITEM = 13
note_contact()
local owner, items = ARGV[2], tonumber(ARGV[3])
local function finish(at)
  local id, fence, status, reason, detail, outcome, retry_at, duration_ms, left_running, ago, offset, frames, seq =
    unpack(ARGV, at, at + ITEM - 1)
  local finished_at = NOW - tonumber(ago)
  if fence == '1' and status == 'succeeded' and left_running == '' and offset == ''
    and end_usual(owner, id, seq, duration_ms, finished_at) then return 'ok' end
  local run, known = held_or_adopted_run(owner, id, tonumber(fence), seq)
  if not run then return ended_before(known, owner, tonumber(fence)) end
  if offset ~= '' then append_output(run, tonumber(offset), frames) end
  end_attempt(run, {
    status = status,
    reason = given(reason),
    detail = given(detail),
    outcome = given(outcome),
    retry_at = given_number(retry_at),
    duration_ms = given(duration_ms),
    left_running = given(left_running),
    finished_at = finished_at,
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
  'fire': { shebang: '#!lua', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.JOB_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.MOST_ITEMS', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.SEQ_TELLS_MS', 'engine.created_by', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.read_living_job', 'jobs.save_job', 'jobs.job_counter', 'jobs.change_job', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.RUNS_KEY', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.unfold', 'runs.put', 'runs.birth_fields', 'runs.write_birth', 'runs.bear_run', 'runs.open_counts', 'gate.flag_run', 'gate.end_pending', 'gate.end_open_runs', 'gate.admit', 'gate.make_room', 'gate.pass_gate', 'skipped.record_skipped', 'guard.reason_of', 'guard.guarded'], body: `local function fire_usual(job, slot, ready_at, next_slot)
  if call('EXISTS', open_key(job.id)) == 1 then return nil end
  local seq, number, run_slot = next_seq(), whole(job.last_number + 1), tonumber(slot)
  call('HSET', job_key(job.id), 'ns', next_slot, 'ls', slot,
    'n', number, 'lr', seq)
  index(DUE_KEY, job.id, next_slot)
  call('ZADD', K .. 'l:' .. job.id, number, seq)
  call('ZADD', open_key(job.id), PENDING, seq)
  write_birth(job, seq, {
    number = job.last_number + 1,
    status = 'pending',
    trigger = 'schedule',
    scheduled_for = run_slot,
    ready_at = tonumber(ready_at),
    place = place_at(tonumber(ready_at)),
  })
  return { 'fired', 0, job.last_number + 1 }
end
local function make_skipped(job, at)
  if ARGV[at + 4] == '' then return 0 end
  local slots = {
    first = tonumber(ARGV[at + 4]),
    last = tonumber(ARGV[at + 5]),
    count = tonumber(ARGV[at + 6]),
    at_least = ARGV[at + 7] == '1' or nil,
  }
  record_skipped(job, 'misfire', slots)
  return slots.count
end
local function newest_slot(job, at, run_count)
  local newest = math.max(tonumber(ARGV[at + 2]), job.last_slot or 0, tonumber(ARGV[at + 5]) or 0)
  for i = 1, run_count do newest = math.max(newest, tonumber(ARGV[at + 7 + 2 * i])) end
  return newest
end
local function fire(at, run_count)
  local job = read_living_job(ARGV[at])
  local slot, next_slot = ARGV[at + 2], ARGV[at + 3]
  if not job or job.version ~= tonumber(ARGV[at + 1]) or job.next_slot ~= tonumber(slot) then return { 'stale' } end
  if job.next_slot > NOW then return { 'early' } end
  if run_count == 1 and ARGV[at + 4] == '' and ARGV[at + 9] == slot and next_slot ~= '' then
    local usual = fire_usual(job, slot, ARGV[at + 10], next_slot)
    if usual then return usual end
  end
  if run_count > 0 and not make_room(job) then return { 'more' } end
  change_job(job, { next_slot = given_number(next_slot) or false, last_slot = newest_slot(job, at, run_count) })
  local skipped, numbers = make_skipped(job, at), {}
  for i = 1, run_count do
    local run_slot, ready_at = tonumber(ARGV[at + 7 + 2 * i]), tonumber(ARGV[at + 8 + 2 * i])
    local run, reason = pass_gate(job, { trigger = 'schedule', scheduled_for = run_slot, ready_at = ready_at })
    if run then
      numbers[#numbers + 1] = run.number
    else
      skipped = skipped + 1
      record_skipped(job, reason, { first = run_slot, last = run_slot, count = 1 })
    end
  end
  return { 'fired', skipped, unpack(numbers) }
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
  'has-work': { shebang: '#!lua flags=no-writes,allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'effects.counts', 'effects.running_so_far', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'claiming.by_score', 'claiming.claimable'], body: `local queues = {}
for i = 2, #ARGV do queues[i - 1] = ARGV[i] end
return #claimable(queues, 1) > 0 and 1 or 0` },
  'heartbeat': { shebang: '#!lua flags=allow-oom', parts: ['constants.VERSION_RISES_AFTER', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.save_seq', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'versions.SCHEMA_KEY', 'versions.note_program', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.hint', 'effects.commit'], body: `note_program()
local id = ARGV[2]
local key = K .. 'w:' .. id
local running, state, drain = unpack(call('HMGET', key, 'running', 'state', 'drain'))
call('HSET', key, 'last_seen_at', whole(NOW), unpack(ARGV, 3))
call('HSETNX', key, 'started_at', whole(NOW))
call('ZADD', K .. 'workers', NOW, id)
if running ~= call('HGET', key, 'running') or state ~= call('HGET', key, 'state') then changed('w', id) end
commit()
return drain and 'drain' or 'ok'` },
  'keep-sample': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole'], body: `local at, numbers, kept = tonumber(ARGV[2]), ARGV[3], 0
for i = 4, #ARGV, 2 do
  local step, kept_for = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local key = K .. 'samples:' .. ARGV[i]
  local from = at - at % step
  if call('ZCOUNT', key, whole(from), '(' .. whole(from + step)) == 0 then
    call('ZADD', key, whole(at), numbers)
    kept = kept + 1
  end
  call('ZREMRANGEBYSCORE', key, '-inf', '(' .. whole(NOW - kept_for))
end
return kept` },
  'mark': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole'], body: `call('HSET', K .. 'schema', 'marked', whole(NOW))
return 1` },
  'open-session': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.to_table', 'keys.valid_key'], body: `local hash, id, expires_at, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not valid_key(id) then return 0 end
local life = whole(math.max(1, tonumber(expires_at) - NOW))
local all = K .. 'sessions:' .. id
if not call('ZSCORE', all, hash) then
  for _ = most, call('ZCARD', all) do
    call('DEL', K .. 'session:' .. call('ZPOPMIN', all)[1])
  end
end
call('SET', K .. 'session:' .. hash, expires_at .. '|' .. id, 'PX', life)
call('ZADD', all, expires_at, hash)
call('PEXPIRE', all, life, 'NX')
call('PEXPIRE', all, life, 'GT')
return 1` },
  'open': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole'], body: `local key = K .. 'schema'
local found = call('HMGET', key, 'version', 'id')
if found[2] then return { 'entered', found[1], found[2] } end
if call('EXISTS', K .. 'seq') == 1 then return { 'orphaned', '0', '' } end
call('HSET', key, 'version', ARGV[2], 'since', whole(NOW), 'id', ARGV[3])
return { 'founded', ARGV[2], ARGV[3] }` },
  'pause-job': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.JOB_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.SEQ_TELLS_MS', 'engine.created_by', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.read_living_job', 'jobs.save_job', 'jobs.job_counter', 'jobs.change_job', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.RUNS_KEY', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.read_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.unfold', 'runs.put', 'runs.birth_fields', 'runs.write_birth', 'runs.bear_run', 'skipped.record_skipped', 'skipped.pass_over_due'], body: `local job = read_living_job(ARGV[2])
if not job then return 'not_found' end
if job.type == 'once' then return 'not_a_schedule' end
if not job.paused then
  change_job(job, pass_over_due(job, { paused = 1, next_slot = false, updated_at = NOW }))
  commit()
end
return 'paused'` },
  'probe': { shebang: '#!lua', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole'], body: `call('HSET', K .. 'schema', 'probed', whole(NOW))
return 1` },
  'release': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.LEASE', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.find_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'attempts.ARCHIVED', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.attempts_key', 'attempts.left_field', 'attempts.unarchived', 'attempts.newest_again', 'attempts.no_attempt', 'attempts.let_go', 'attempts.give_back', 'attempts.ended_before', 'holding.held_run', 'guard.reason_of', 'guard.guarded'], body: `note_contact()
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
  'remember-request': { shebang: '#!lua', parts: ['constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'requests.remember_request'], body: `return remember_request(ARGV[2], ARGV[3]) and 'remembered' or 'key_reused'` },
  'renew': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.LEASE', 'constants.LATENESS_BOUNDS', 'constants.BEYOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.trim_soon', 'totals.count_end', 'totals.count_length', 'totals.count_start', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.find_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.attempts_key', 'attempts.put_archived', 'attempts.left_field', 'attempts.archive_attempt', 'attempts.no_attempt', 'attempts.begin_attempt', 'holding.held_run', 'holding.held_or_adopted_run', 'holding.renew_lease', 'guard.reason_of', 'guard.guarded'], body: `note_contact()
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
  'resume-job': { shebang: '#!lua flags=allow-oom', parts: ['constants.JOB_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.PLACE_CODES', 'constants.TRIGGER_CODES', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.hint', 'effects.commit', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.read_living_job', 'jobs.save_job', 'jobs.job_counter', 'jobs.change_job', 'runs.STORED', 'runs.put'], body: `local job = read_living_job(ARGV[2])
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
  'revoke-key': { shebang: '#!lua flags=allow-oom', parts: ['constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'keys.other_keys'], body: `local _, id, mark = unpack(ARGV)
local revoked = K .. 'revoked:' .. id
local name, hash, role = unpack(call('HMGET', K .. 'key:' .. id, 'name', 'hash', 'role'))
if not name then return call('GET', revoked) == mark and 'revoked' or 'not_found' end
if role == 'admin' then
  local others, _, admin_stays = other_keys(id)
  if others > 0 and not admin_stays then return 'last_admin' end
end
for _, session in ipairs(call('ZRANGE', K .. 'sessions:' .. id, 0, -1)) do
  call('DEL', K .. 'session:' .. session)
end
call('DEL', K .. 'key:' .. id, K .. 'sessions:' .. id)
call('HDEL', K .. 'keynames', name)
call('HDEL', K .. 'keyhashes', hash)
call('ZREM', K .. 'keys', id)
call('SET', revoked, mark, 'PX', 60 * SECOND)
return 'revoked'` },
  'set-queue': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.save_queue_setting', 'queues.queue_room', 'queues.has_queued'], body: `local queue, paused, limit = ARGV[2], ARGV[3], ARGV[4]
local before = queue_setting(queue) or { paused = false }
local after = { paused = before.paused, limit = before.limit }
if paused ~= '' then after.paused = paused == '1' end
if limit ~= '' then after.limit = tonumber(limit) end -- nil for 'any'
save_queue_setting(queue, after)
changed('q', queue)
if queue_room(queue) ~= 0 and has_queued(queue) then work_came(queue) end
commit()
return ''` },
  'tick': { shebang: '#!lua flags=allow-oom', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.VERSION_RISES_AFTER', 'constants.LEASE', 'constants.LATENESS_BOUNDS', 'constants.BEYOND', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.to_table', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'versions.SCHEMA_KEY', 'versions.note_program', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.trim_soon', 'totals.count_end', 'totals.count_length', 'totals.count_duration', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.put', 'leases.LEASE_NOW', 'leases.LEASE_SHIFT', 'leases.GRACE', 'leases.note_contact', 'leases.TICK_MISSED', 'leases.note_tick', 'attempts.LEASE_KEY', 'attempts.HELD_KEY', 'attempts.let_go', 'attempts.event_of', 'attempts.end_attempt', 'holding.give_up', 'gate.flag_run', 'gate.end_pending', 'gate.end_open_runs', 'guard.reason_of', 'guard.tell_fault', 'guard.guarded_member', 'claiming.put_off', 'claiming.promote_run', 'claiming.promote', 'ending.end_deleted', 'lapsing.recount_running', 'lapsing.put_off_lapse', 'lapsing.lapse'], body: `local limit = tonumber(ARGV[2])
note_program()
local shift = note_tick(given_number(ARGV[3]), given_number(ARGV[4]), given_number(ARGV[5]))
local cut = promote(limit)
cut = end_deleted(limit) or cut
local flagged, lost = {}, {}
if LEASE_NOW >= GRACE then
  local more
  flagged, lost, more = lapse(limit)
  cut = cut or more
end
local due = {}
local flat = call('ZRANGEBYSCORE', DUE_KEY, '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, limit + 1)
for i = 1, math.min(2 * limit, #flat), 2 do
  local id, slot = flat[i], flat[i + 1]
  local version, version_at, next_slot =
    unpack(call('HMGET', job_key(id), 'v', 'va', 'ns'))
  if next_slot == slot and call('EXISTS', definition_key(id)) == 1 then
    due[#due + 1] = id
    due[#due + 1] = version or '1'
    due[#due + 1] = version_at or ''
    due[#due + 1] = slot
  else
    index(DUE_KEY, id, false)
  end
end
cut = cut or #flat > 2 * limit
flush_indexes()
local function next_at()
  if cut then return NOW end
  local first
  local function consider(at)
    if at and (not first or at < first) then first = at end
  end
  local after = '(' .. whole(NOW)
  consider(tonumber(call('ZRANGEBYSCORE', DUE_KEY, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  consider(tonumber(call('ZRANGEBYSCORE', DELAY_KEY, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]))
  local deadline = tonumber(call('ZRANGE', LEASE_KEY, 0, 0, 'WITHSCORES')[2])
  if deadline then consider(math.max(deadline, GRACE, LEASE_NOW + 1) - LEASE_SHIFT) end
  return first
end
local at = next_at()
local leases = call('ZCARD', LEASE_KEY) > 0 and 1 or 0
commit()
return { NOW, at and whole(at) or '', leases, flagged, lost, due, shift, LEASE_NOW }` },
  'touch-key': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT'], body: `if call('EXISTS', K .. 'key:' .. ARGV[2]) == 1 then call('HSET', K .. 'key:' .. ARGV[2], 'last_used_at', NOW_TEXT) end
return ''` },
  'trigger': { shebang: '#!lua', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.JOB_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.MOST_ITEMS', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.SEQ_TELLS_MS', 'engine.created_by', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.read_living_job', 'jobs.save_job', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.RUNS_KEY', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.run_id', 'runs.read_run', 'runs.indexed_run', 'runs.find_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.move_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.unfold', 'runs.put', 'runs.birth_fields', 'runs.write_birth', 'runs.bear_run', 'runs.open_counts', 'gate.flag_run', 'gate.end_pending', 'gate.end_open_runs', 'gate.admit', 'gate.make_room', 'gate.pass_gate'], body: `local _, id, request, fingerprint, trigger, force, mark = unpack(ARGV)
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
  commit()
  return { 'overlap', run_id(read_run(job.single and job.seq or first_live(open_key(id)))) }
end
call('SET', key, whole(NOW) .. '|' .. run_id(run) .. '|' .. mark .. '|' .. fingerprint, 'PX', REQUEST_LIFE)
commit()
return { 'triggered', run_id(run) }` },
  'trim-audit': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.whole'], body: `local kept_for, most, limit = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local before = NOW_US - kept_for * 1000
local old = call('ZCOUNT', K .. 'audit', '-inf', '(' .. whole(before))
local things = call('ZCARD', K .. 'audit') + tonumber(call('HGET', K .. 'n', 'audited_more') or 0)
local look = math.min(limit, math.max(old, things - most))
if look <= 0 then return 0 end
local oldest = call('ZRANGE', K .. 'audit', 0, look - 1)
local entries, gone = 0, 0
for i, entry in ipairs(oldest) do
  if gone >= limit or (i > old and things - gone <= most) then break end
  entries = i
  gone = gone + math.max(1, #(cjson.decode(entry).targets or {}))
end
call('ZREMRANGEBYRANK', K .. 'audit', 0, entries - 1)
if gone > entries then call('HINCRBY', K .. 'n', 'audited_more', entries - gone) end
return gone` },
  'trim-look': { shebang: '#!lua flags=allow-oom', parts: ['constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.PLACE_CODES', 'constants.TRIGGER_CODES', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.hint', 'effects.commit', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'runs.STORED', 'runs.open_key', 'runs.put'], body: `local till = tonumber(ARGV[3])
local ids = call('ZRANGEBYSCORE', K .. 'trim', ARGV[3], ARGV[3])
if #ids == 0 then ids = call('ZRANGEBYSCORE', K .. 'trim', '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[2])) end
local jobs = {}
for _, id in ipairs(ids) do
  local job = read_job(id)
  if job then
    local runs, open = call('ZCARD', K .. 'l:' .. id), call('ZCARD', open_key(id))
    jobs[#jobs + 1] = { id, job.json, runs, open, job.deleted_at and '1' or '', job.single and job.seq or '' }
  end
  index(K .. 'trim', id, job and till or false)
end
commit()
return { NOW, jobs }` },
  'trim-once': { shebang: '#!lua flags=allow-oom', parts: ['constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.hint', 'effects.commit', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.job_counter', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.read_run', 'runs.STORED', 'runs.open_key', 'runs.put', 'attempts.ARCHIVED', 'attempts.attempts_key', 'output.blocks_key', 'output.block_key', 'removing.remove_blocks', 'removing.newest_output', 'removing.archived_output', 'removing.remove_run', 'removing.remove_job'], body: `local before, limit = tonumber(ARGV[2]), tonumber(ARGV[4])
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
  'trim-outputs': { shebang: '#!lua flags=allow-oom', parts: ['constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.flush_indexes', 'effects.hint', 'effects.commit', 'jobs.STORED', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.read_run', 'runs.STORED', 'runs.save_run', 'runs.put', 'attempts.ARCHIVED', 'attempts.attempts_key', 'attempts.put_archived', 'attempts.unarchived', 'output.blocks_key', 'output.block_key', 'removing.remove_blocks', 'removing.newest_output', 'removing.archived_output'], body: `local most, limit = tonumber(ARGV[3]), tonumber(ARGV[4])
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
  'trim-runs': { shebang: '#!lua flags=allow-oom', parts: ['constants.RUN_FIELD_NAMES', 'constants.ATTEMPT_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.newest_seq', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.hint', 'effects.commit', 'jobs.FACTS', 'jobs.STORED', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.job_counter', 'runs.NUMBERS', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.read_run', 'runs.STORED', 'runs.open_key', 'runs.put', 'attempts.ARCHIVED', 'attempts.attempts_key', 'output.blocks_key', 'output.block_key', 'removing.is_final', 'removing.remove_blocks', 'removing.newest_output', 'removing.archived_output', 'removing.remove_run', 'removing.remove_job'], body: `local jobs, runs = 0, 0
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
local function has_runs(job)
  if job.single then return call('EXISTS', run_key(job.seq)) == 1 end
  return call('ZCARD', K .. 'l:' .. job.id) > 0
end
local function settle(job, taken, again)
  if tonumber(call('ZSCORE', K .. 'trim', job.id) or 0) ~= taken then return end
  if again or not job.deleted_at then
    index(K .. 'trim', job.id, again or false)
    return
  end
  if has_runs(job) then
    index(K .. 'trim', job.id, NOW + 60 * SECOND)
    return
  end
  remove_job(job)
  if job.type == 'once' then count('done', -1) end
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
  'trim-workers': { shebang: '#!lua flags=allow-oom', parts: ['engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.to_table'], body: `local before = '(' .. whole(NOW - tonumber(ARGV[2]))
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
  'update-job': { shebang: '#!lua', parts: ['constants.MOVES', 'constants.RUN_FIELDS', 'constants.RUN_FIELD_NAMES', 'constants.JOB_FIELDS', 'constants.JOB_FIELD_NAMES', 'constants.STATUS_CODES', 'constants.STATUS_NAMES', 'constants.PLACE_CODES', 'constants.PLACE_NAMES', 'constants.TRIGGER_CODES', 'constants.TRIGGER_NAMES', 'constants.MOST_ITEMS', 'constants.SECOND', 'engine.K', 'engine.call', 'engine.INSTALLATION', 'engine.clock', 'engine.NOW_US', 'engine.NOW', 'engine.whole', 'engine.NOW_TEXT', 'engine.newest_seq', 'engine.next_seq', 'engine.SEQ_TELLS_MS', 'engine.created_by', 'engine.save_seq', 'engine.given', 'engine.given_number', 'engine.MOST_ARGUMENTS', 'engine.call_with', 'effects.CHANGES_KEPT', 'effects.counts', 'effects.indexes', 'effects.changes', 'effects.hints', 'effects.marked', 'effects.count', 'effects.count_state', 'effects.running_so_far', 'effects.total_states', 'effects.flush_index', 'effects.index', 'effects.flush_indexes', 'effects.tell_change', 'effects.changed', 'effects.run_changed', 'effects.run_and_job_changed', 'effects.hint', 'effects.work_came', 'effects.commit', 'queues.QUEUES_KEY', 'queues.any_setting', 'queues.settings', 'queues.queue_setting', 'queues.queue_room', 'queues.has_queued', 'queues.room_came', 'jobs.FACTS', 'jobs.STORED', 'jobs.DUE_KEY', 'jobs.job_key', 'jobs.definition_key', 'jobs.facts_known', 'jobs.parse_facts', 'jobs.parse_job', 'jobs.read_job', 'jobs.read_living_job', 'jobs.save_job', 'jobs.job_counter', 'jobs.change_job', 'jobs.trim_soon', 'totals.count_end', 'runs.NUMBERS', 'runs.RUNS_KEY', 'runs.USUAL_TRIGGER', 'runs.run_key', 'runs.read_run', 'runs.place_at', 'runs.queue_score', 'runs.ASKED_TO_END', 'runs.openness', 'runs.names_by', 'runs.QUEUE_KEY', 'runs.DELAY_KEY', 'runs.tell', 'runs.STORED', 'runs.save_run', 'runs.admit_oldest', 'runs.open_key', 'runs.first_open', 'runs.first_live', 'runs.note_done', 'runs.is_single', 'runs.follow', 'runs.may_be_late', 'runs.change_run', 'runs.admit_run', 'runs.admit_oldest.2', 'runs.unfold', 'runs.put', 'runs.birth_fields', 'runs.write_birth', 'runs.bear_run', 'skipped.record_skipped', 'skipped.pass_over_due'], body: `local _, id, if_version, text, next_slot = unpack(ARGV)
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
