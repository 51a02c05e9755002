/**
 * Judges a history, after Jepsen's checker for Chronos, and stricter: each slot needs its own run, at no time before it,
 * and nothing may be there that nothing explains.
 *
 * What may deviate, and why:
 * - A slot may be `skipped` as its job's policy says: for `overlap` when another run of the job was live, or had ended
 *   and its worker could not say so because of a fault; for `misfire` when the job does not catch up with all slots, and
 *   faults kept all servers from firing it until it was overdue.
 * - An attempt may be `lost`, or end by a signal, when faults that can cause that reach into it (`explanations.ts`). Only
 *   then may its run begin again for that reason, and only then may a command have begun without an end, or a run have ended
 *   without a beginning. It begins again after the last sign of life of the attempt before: nothing here freezes the machine
 *   that commands and clocks are on, so that there is no tolerance.
 * - A job that no server acknowledged may be there or not: its answer may be what was lost.
 */
import type { Instant, Millis } from '../../src/domain/instant.ts';
import { Explanations } from './explanations.ts';
import type { AskedJob, History, RecordedRun, Testimony } from './history.ts';

/** What fails a history. */
export const VIOLATIONS = [
  'missed',
  'early',
  'duplicate-unexplained',
  'phantom',
  'unrecorded',
  'unexpected',
  'skipped-unexplained',
  'lost-unexplained',
  'incomplete-unexplained',
  'cancelled-unexplained',
  'side-by-side',
  'overlapping',
  'stuck',
] as const;
export type Violation = (typeof VIOLATIONS)[number];

export interface Verdict {
  readonly slots: number;
  readonly runs: number;
  readonly onceJobs: number;
  /** Slots that their job's policy did without. */
  readonly skipped: number;
  /** Further beginnings of a run whose attempt a fault had lost. */
  readonly duplicatesExplained: number;
  /** Beginnings without an end, of lost attempts. */
  readonly incomplete: number;
  /** Attempts that were given up. */
  readonly lost: number;
  /** From the slot to the first beginning, ascending. */
  readonly lateness: readonly Millis[];
  readonly violations: readonly { readonly kind: Violation; readonly what: string }[];
}

const FINAL = new Set<string>(['succeeded', 'failed', 'cancelled', 'skipped']);
type Attempt = RecordedRun['attempts'][number];
type Report = (kind: Violation, what: string) => void;

/** Sorted into who needs it. */
interface Case extends History {
  readonly begins: ReadonlyMap<string, readonly Testimony[]>;
  readonly ends: ReadonlyMap<string, readonly Testimony[]>;
  /** Of each attempt that testified, the last time that it did. */
  readonly lastSigns: ReadonlyMap<string, Instant>;
  readonly explanations: Explanations;
  readonly runsOf: ReadonlyMap<string, readonly RecordedRun[]>;
  readonly report: Report;
}

const keyOf = (run: string, attempt: number): string => `${run} attempt ${attempt}`;
const at = (time: string | null): Instant => (time === null ? Number.NaN : Date.parse(time));
const show = (time: Instant): string => new Date(time).toISOString();

export function check(history: History): Verdict {
  const violations: { kind: Violation; what: string }[] = [];
  const of = (event: Testimony['event']): Map<string, Testimony[]> =>
    Map.groupBy(
      history.witness.filter((line) => line.event === event),
      ({ run, attempt }) => keyOf(run, attempt),
    );
  const signs = Map.groupBy(history.witness, ({ run, attempt }) => keyOf(run, attempt));
  const seen: Case = {
    ...history,
    lastSigns: new Map([...signs].map(([key, lines]) => [key, Math.max(...lines.map((line) => line.at))])),
    explanations: new Explanations(history),
    begins: of('begin'),
    ends: of('end'),
    runsOf: Map.groupBy(history.runs, ({ job_name }) => job_name ?? ''),
    report: (kind, what) => void violations.push({ kind, what }),
  };
  const skipped = history.jobs.reduce((sum, job) => sum + checkSlots(seen, job), 0);
  checkOnceJobs(seen);
  checkWitness(seen);
  const lost = history.runs.reduce((sum, run) => sum + checkRun(seen, run), 0);
  const { explained, incomplete } = checkBeginnings(seen);
  for (const job of history.jobs) if (job.overlap !== 'allow') checkOverlap(seen, job);
  return {
    slots: history.jobs.reduce((sum, job) => sum + slotsOf(job).length, 0),
    runs: history.runs.filter((run) => run.skipped === null).length,
    onceJobs: history.jobs.filter(({ slots }) => slots === null).length,
    skipped,
    duplicatesExplained: explained,
    incomplete,
    lost,
    lateness: latenessOf(seen),
    violations,
  };
}

export function slotsOf({ slots }: AskedJob): Instant[] {
  if (slots === null) return [];
  const count = Math.max(0, Math.ceil((slots.end - slots.first) / slots.period));
  return Array.from({ length: count }, (_, index) => slots.first + index * slots.period);
}

/** Each slot gave one run, or is in one record of skipped ones. @returns how many are. */
function checkSlots(seen: Case, job: AskedJob): number {
  if (job.slots === null) return 0;
  const runs = seen.runsOf.get(job.name) ?? [];
  const records = runs.filter(({ skipped }) => skipped !== null);
  const bySlot = Map.groupBy(
    runs.filter(({ skipped }) => skipped === null),
    (run) => at(run.scheduled_for),
  );
  const slots = slotsOf(job);
  let count = 0;
  for (const slot of slots) {
    const own = bySlot.get(slot) ?? [];
    const inRecords = records.filter(
      ({ skipped }) => skipped !== null && at(skipped.first) <= slot && slot <= at(skipped.last),
    );
    const name = `${job.name} at ${show(slot)}`;
    if (own.length > 1) seen.report('duplicate-unexplained', `${name}: ${own.map(({ id }) => id).join(', ')}`);
    if (own.length > 0) continue;
    const [record] = inRecords;
    if (record === undefined) seen.report('missed', `${name}: no run, no record`);
    else if (inRecords.length > 1) seen.report('duplicate-unexplained', `${name}: in ${inRecords.length} records`);
    else if (!maySkip(seen, job, record, slot)) {
      seen.report('skipped-unexplained', `${name}: ${record.id} for ${record.reason}`);
    }
    count += 1;
  }
  const known = new Set(slots);
  for (const slot of bySlot.keys()) {
    if (!known.has(slot)) seen.report('unexpected', `${job.name} has no slot at ${show(slot)}`);
  }
  const counted = records.reduce((sum, { skipped }) => sum + (skipped?.count ?? 0), 0);
  if (counted !== count) {
    seen.report('unexpected', `${job.name}: ${counted} slots are recorded as skipped, not ${count}`);
  }
  return count;
}

function maySkip(seen: Case, job: AskedJob, record: RecordedRun, slot: Instant): boolean {
  switch (record.reason) {
    case 'misfire':
      return job.misfire !== 'all' && seen.explanations.canMisfire(slot);
    case 'overlap':
    case 'overlap_full':
      return job.overlap === (record.reason === 'overlap' ? 'skip' : 'queue') && wasLive(seen, job, record, slot);
    default:
      return false;
  }
}

/**
 * Whether an earlier slot's run had not ended when this one came, as far as Redis knew. Slots that come late are fired
 * together, in their order, so that such a run may be made only then.
 */
function wasLive(seen: Case, job: AskedJob, record: RecordedRun, slot: Instant): boolean {
  const earlier = (seen.runsOf.get(job.name) ?? []).filter(
    (run) => run.skipped === null && at(run.scheduled_for) < slot,
  );
  return earlier.some(
    (run) => !(at(run.finished_at) < slot) || seen.explanations.mayBeUntold(run, at(record.created_at)),
  );
}

/** An acknowledged once job has exactly one run. */
function checkOnceJobs(seen: Case): void {
  for (const job of seen.jobs.filter(({ slots }) => slots === null)) {
    const runs = seen.runsOf.get(job.name) ?? [];
    if (runs.length > 1) seen.report('duplicate-unexplained', `${job.name} has ${runs.length} runs`);
    if (runs.length === 0 && job.acknowledged) seen.report('missed', `${job.name} was acknowledged, and has no run`);
  }
}

/** Each line is of an attempt that is recorded, and none is before its time. */
function checkWitness(seen: Case): void {
  const runs = new Map(seen.runs.map((run) => [run.id, run]));
  const jobs = new Map(seen.jobs.map((job) => [job.name, job]));
  for (const line of seen.witness) {
    const run = runs.get(line.run);
    const key = keyOf(line.run, line.attempt);
    if (!jobs.has(line.job)) seen.report('unexpected', `${key} is of ${line.job}, which nobody asked for`);
    else if (!run?.attempts.some(({ number }) => number === line.attempt)) seen.report('unrecorded', `${key} ran`);
    else if (run.job_name !== line.job) seen.report('unexpected', `${key} is of ${run.job_name}, not ${line.job}`);
    else if (run.scheduled_for !== null && line.slot !== null && at(run.scheduled_for) !== line.slot) {
      seen.report('unexpected', `${key} was told the slot ${show(line.slot)}, not ${run.scheduled_for}`);
    }
    if (line.slot !== null && line.at < line.slot) {
      seen.report('early', `${key} ran ${line.slot - line.at} ms before its slot`);
    }
  }
  for (const [key, ends] of seen.ends) {
    if (ends.length > 1) seen.report('duplicate-unexplained', `${key} ended ${ends.length} times`);
    const begin = seen.begins.get(key)?.[0];
    if (begin === undefined) seen.report('unexpected', `${key} ended without a beginning`);
    else if (begin.at > (ends[0]?.at ?? 0)) seen.report('unexpected', `${key} ended before it began`);
  }
}

/** It came to an end that the witness agrees with. @returns how many of its attempts were lost. */
function checkRun(seen: Case, run: RecordedRun): number {
  if (!FINAL.has(run.status)) seen.report('stuck', `${run.id} is ${run.status}`);
  const lost = run.attempts.filter(({ reason }) => reason === 'lost');
  const isReplacing = seen.jobs.some(({ name, overlap }) => name === run.job_name && overlap === 'replace');
  for (const attempt of run.attempts) {
    checkAttempt(seen, run, attempt);
    const what = `${keyOf(run.id, attempt.number)} on ${attempt.worker}`;
    const isLost = attempt.reason === 'lost' || attempt.reason === 'signal';
    if (isLost && !isExplained(seen, run, attempt)) seen.report('lost-unexplained', `${what}: ${attempt.reason}`);
    if (attempt.status === 'cancelled' && !isReplacing) seen.report('cancelled-unexplained', what);
  }
  const replaced = run.status === 'cancelled' && run.reason === 'replaced';
  if (run.skipped === null && run.attempts.length === 0 && FINAL.has(run.status) && !replaced && !isReplaced(run)) {
    seen.report('missed', `${run.id} is ${run.status} (${run.reason}), and had no attempt`);
  }
  return lost.length;
}

/** A pending run in whose place a newer one came. */
function isReplaced({ status, reason }: RecordedRun): boolean {
  return status === 'skipped' && reason === 'replaced';
}

function checkAttempt(seen: Case, run: RecordedRun, attempt: Attempt): void {
  const key = keyOf(run.id, attempt.number);
  const begun = seen.begins.has(key);
  const ended = seen.ends.has(key);
  if (attempt.status === 'succeeded' && !(begun && ended)) {
    seen.report('phantom', `${key} succeeded, and nobody saw it`);
  }
  const told = attempt.status === 'failed' && (attempt.reason === 'exit' || attempt.reason === 'timeout');
  if (told && !begun) seen.report('phantom', `${key} failed by ${attempt.reason}, and nobody saw it begin`);
  if (attempt.reason === 'exit' && begun && !ended) seen.report('phantom', `${key} exited, and nobody saw its end`);
}

function isExplained(seen: Case, run: RecordedRun, attempt: Attempt): boolean {
  const finished = at(attempt.finished_at);
  const until = Number.isNaN(finished) ? Infinity : finished;
  const lostAfter = seen.jobs.find(({ name }) => name === run.job_name)?.lostAfter ?? 0;
  return seen.explanations.canLose(attempt.worker ?? '', at(attempt.started_at), until, lostAfter);
}

/** An attempt begins once, and a run begins again only for a reason. */
function checkBeginnings(seen: Case): { explained: number; incomplete: number } {
  let [explained, incomplete] = [0, 0];
  for (const [key, begins] of seen.begins) {
    if (begins.length > 1) seen.report('duplicate-unexplained', `${key} began ${begins.length} times`);
  }
  const retries = new Map(seen.jobs.map((job) => [job.name, job.retries]));
  for (const run of seen.runs) {
    if (run.attempts.length > (retries.get(run.job_name ?? '') ?? 0) + 1) {
      seen.report('duplicate-unexplained', `${run.id} has ${run.attempts.length} attempts`);
    }
    const attempts = run.attempts.toSorted((a, b) => a.number - b.number);
    for (const [index, attempt] of attempts.entries()) {
      const key = keyOf(run.id, attempt.number);
      checkOrder(seen, run.id, attempts.slice(0, index), attempt);
      const begun = seen.begins.has(key);
      if (begun && !seen.ends.has(key)) {
        incomplete += 1;
        if (!endsWithoutTestimony(attempt)) seen.report('incomplete-unexplained', `${key}: ${attempt.status}`);
      }
      if (index + 1 === attempts.length) continue;
      if (attempt.status !== 'failed') {
        seen.report('duplicate-unexplained', `${key} was ${attempt.status}, and repeated`);
      } else if (attempt.reason === 'lost' && begun) explained += 1;
    }
  }
  return { explained, incomplete };
}

/** Somebody ended it, or its worker. */
function endsWithoutTestimony({ status, reason }: Attempt): boolean {
  return status === 'cancelled' || reason === 'lost' || reason === 'timeout' || reason === 'signal';
}

/** No attempt of a run begins while one before it shows that it lives. */
function checkOrder(seen: Case, run: string, before: readonly Attempt[], attempt: Attempt): void {
  const key = keyOf(run, attempt.number);
  const begin = seen.begins.get(key)?.[0];
  if (begin === undefined) return;
  for (const { number } of before) {
    const sign = seen.lastSigns.get(keyOf(run, number)) ?? -Infinity;
    if (sign > begin.at) seen.report('side-by-side', `${key} began ${sign - begin.at} ms before the last of ${number}`);
  }
}

/** Of a job that allows no overlap, no command begins before the one before it has ended, or was seen for the last time. */
function checkOverlap(seen: Case, job: AskedJob): void {
  const spans = [...seen.begins]
    .flatMap(([key, [begin]]) =>
      begin?.job === job.name ? [{ key, from: begin.at, to: seen.lastSigns.get(key) ?? begin.at }] : [],
    )
    .toSorted((a, b) => a.from - b.from);
  let longest = spans[0];
  for (const span of spans.slice(1)) {
    if (longest !== undefined && longest.to > span.from) seen.report('overlapping', `${longest.key} and ${span.key}`);
    if (longest === undefined || span.to > longest.to) longest = span;
  }
}

function latenessOf(seen: Case): Millis[] {
  const firsts = new Map<string, Millis>();
  for (const [, [begin]] of seen.begins) {
    if (begin?.slot == null) continue;
    firsts.set(begin.run, Math.min(firsts.get(begin.run) ?? Infinity, begin.at - begin.slot));
  }
  return [...firsts.values()].toSorted((a, b) => a - b);
}
