-- Records of slots that gave no run.

-- Consecutive skips for one reason share a record: the job's newest run, when it is one.
-- slots: first, last, count, at_least.
local function record_skipped(job, reason, slots)
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
end

-- A slot that has come and that nobody will fire any more, since its job is paused or gets another schedule, is recorded
-- as a misfire: it is the first of those that may have come, whom nobody counts. Adds to the fields that change.
local function pass_over_due(job, fields)
  local slot = job.next_slot
  if not slot or slot > NOW then return fields end
  record_skipped(job, 'misfire', { first = slot, last = slot, count = 1, at_least = true })
  fields.last_slot = slot
  return fields
end
