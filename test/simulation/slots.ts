/** Every slot is exactly one run or in exactly one record of skipped slots: checked by slots that nobody but us computed. */
import type { Instant, Millis } from '../../src/domain/instant.ts';
import type { Run } from '../../src/domain/run.ts';
import type { KnownJob } from './people.ts';
import type { Snapshot } from './snapshot.ts';

/** @returns what is wrong with the slots of a schedule. */
export function checkSlots({ job, period, paused, deleted, acknowledged }: KnownJob, last: Snapshot): string[] {
  const known = last.jobs.get(job.id);
  if (period === null || job.nextSlot === null) return [];
  const runs = [...last.runs.values()].map(({ run }) => run).filter((run) => run.jobId === job.id);
  const fired = runs.filter(({ trigger, skipped }) => trigger === 'schedule' && skipped === null);
  const slots = fired.map(({ scheduledFor }) => scheduledFor ?? Number.NaN);
  const records = runs.flatMap(({ skipped }) => skipped ?? []);
  const wrong = doubles(slots).map((slot) => `slot ${slot} was fired twice`);
  const strange = slots.filter((slot) => slot % period !== 0 || (!paused && slot < (job.nextSlot ?? 0)));
  wrong.push(...strange.map((slot) => `there is no slot ${slot}`));
  if (paused || deleted || !acknowledged || records.some(({ atLeast }) => atLeast)) return named(job.id, wrong);
  if (known?.lastSlot == null) return named(job.id, wrong);
  const expected = range(job.nextSlot, known.lastSlot, period);
  const counted = slots.length + records.reduce((sum, { count }) => sum + count, 0);
  if (counted !== expected.length) wrong.push(`${expected.length} slots have come, ${counted} are accounted for`);
  const missed = expected.filter(
    (slot) => !slots.includes(slot) && !records.some(({ first, last: end }) => first <= slot && slot <= end),
  );
  wrong.push(...missed.map((slot) => `slot ${slot} was missed`));
  wrong.push(...fired.filter((run) => isSkippedToo(run, records)).map((run) => `${run.id} was skipped as well`));
  return named(job.id, wrong);
}

function isSkippedToo(
  { scheduledFor }: Run,
  records: readonly { readonly first: Instant; readonly last: Instant }[],
): boolean {
  return records.some(({ first, last }) => scheduledFor !== null && first <= scheduledFor && scheduledFor <= last);
}

function range(first: Instant, last: Instant, step: Millis): Instant[] {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => first + index * step);
}

function doubles(slots: readonly Instant[]): Instant[] {
  const sorted = slots.toSorted((a, b) => a - b);
  return sorted.filter((slot, index) => slot === sorted[index + 1]);
}

function named(job: string, problems: readonly string[]): string[] {
  return problems.map((problem) => `job ${job}: ${problem}`);
}
