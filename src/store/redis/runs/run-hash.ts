/** Runs and attempts as hashes, and as the domain knows them. What is absent has its usual value: see `layout.ts`. */
import { runId, type JobId, type WorkerId } from '../../../domain/id.ts';
import { isFinal } from '../../../domain/run-state.ts';
import type { Attempt, Outcome, Place, Run, RunReason, RunStatus, SkippedSlots, Trigger } from '../../../domain/run.ts';
import { numberField, textField, type Fields } from '../fields.ts';
import { PLACE_CODES, RUN_FIELDS, STATUS_CODES, TRIGGER_CODES } from '../layout.ts';

/** A run as it lies in `r:<seq>`. */
export interface RunHash {
  readonly seq: number;
  readonly fields: Fields;
}

const F = RUN_FIELDS;
const STATUSES = named<RunStatus>(STATUS_CODES);
const PLACES = named<Place>(PLACE_CODES);
const TRIGGERS = named<Trigger>(TRIGGER_CODES);

export function toRun(hash: RunHash): Run {
  const { fields } = hash;
  const jobId = text(fields, F.job) as JobId;
  const number = runNumber(fields);
  const place = placeOf(fields);
  const total = numberField(fields[F.output_total]) ?? 0;
  return {
    id: runId(jobId, number),
    jobId,
    jobName: textField(fields[F.name]),
    number,
    status: statusOf(fields),
    reason: textField(fields[F.reason]) as RunReason | null,
    detail: textField(fields[F.detail]),
    trigger: wordOf(TRIGGERS, fields, F.trigger, fields[F.type] === undefined ? 'submit' : 'schedule'),
    scheduledFor: numberField(fields[F.scheduled_for]),
    createdAt: createdAt(hash),
    startedAt: numberField(fields[F.started_at]),
    finishedAt: numberField(fields[F.finished_at]),
    durationMs: numberField(fields[F.duration_ms]),
    leftRunning: numberField(fields[F.left_running]) ?? 0,
    queue: fields[F.queue] ?? 'default',
    priority: numberField(fields[F.priority]) ?? 0,
    place,
    readyAt: place === 'delay' ? readyAt(hash) : null,
    attempt: attemptNumber(fields),
    worker: textField(fields[F.worker]),
    ...endingOf(outcomeOf(fields)),
    cancelRequested: fields[F.cancel_reason] !== undefined,
    contactLostAt: numberField(fields[F.contact_lost_at]),
    lateAt: numberField(fields[F.late_at]),
    outputBytes: total,
    outputTruncated: (numberField(fields[F.output_kept]) ?? total) < total,
    skipped: skippedOf(fields),
  };
}

/** Whether it is the job's business still: not ended, and not waiting for its turn. */
export function isLive({ status, place }: Pick<Run, 'status' | 'place'>): boolean {
  return !isFinal(status) && place !== 'turn';
}

export function statusOf(fields: Fields): RunStatus {
  return wordOf(STATUSES, fields, F.status, 'pending');
}

export function runNumber(fields: Fields): number {
  return numberField(fields[F.number]) ?? 1;
}

function placeOf(fields: Fields): Place | null {
  return statusOf(fields) === 'pending' ? wordOf(PLACES, fields, F.place, 'queue') : null;
}

/** The newest attempt's; 0 before the first. */
export function attemptNumber(fields: Fields): number {
  return numberField(fields[F.attempt]) ?? (fields[F.owner] === undefined ? 0 : 1);
}

/** Null before the first. */
export function newestAttempt({ fields }: RunHash): Attempt | null {
  const number = attemptNumber(fields);
  if (number === 0) return null;
  const runs = statusOf(fields) === 'running';
  const total = numberField(fields[F.output_total]) ?? 0;
  return {
    number,
    version: numberField(fields[F.version]) ?? 1,
    fence: Number(fields[F.attempt_fence] ?? fields[F.fence] ?? number),
    owner: text(fields, F.owner) as WorkerId,
    worker: text(fields, F.worker),
    startedAt: Number(fields[F.attempt_started_at] ?? text(fields, F.started_at)),
    finishedAt: runs ? null : Number(fields[F.attempt_finished_at] ?? text(fields, F.finished_at)),
    durationMs: numberField(fields[F.duration_ms]),
    outcome: outcomeOf(fields),
    leftRunning: numberField(fields[F.left_running]) ?? 0,
    outputBytes: total,
    outputDropped: total - (numberField(fields[F.output_kept]) ?? total),
  };
}

/** Of the newest attempt; null while it runs, and when there is none. */
function outcomeOf(fields: Fields): Outcome | null {
  if (attemptNumber(fields) === 0 || statusOf(fields) === 'running') return null;
  return toOutcome(fields[F.outcome]);
}

/** Of an attempt that has ended. */
export function toOutcome(json: string | undefined): Outcome {
  return json === undefined ? { status: 'succeeded' } : (JSON.parse(json) as Outcome);
}

function endingOf(outcome: Outcome | null): Pick<Run, 'exitCode' | 'signal'> {
  if (outcome === null) return { exitCode: null, signal: null };
  if (outcome.status === 'succeeded') return { exitCode: 0, signal: null };
  return {
    exitCode: 'exitCode' in outcome ? (outcome.exitCode ?? null) : null,
    signal: 'signal' in outcome ? (outcome.signal ?? null) : null,
  };
}

function skippedOf(fields: Fields): SkippedSlots | null {
  const first = numberField(fields[F.skipped_first]);
  const last = numberField(fields[F.skipped_last]);
  const count = numberField(fields[F.skipped_count]);
  if (first === null || last === null || count === null) return null;
  return { first, last, count, atLeast: fields[F.skipped_at_least] !== undefined };
}

function createdAt({ seq, fields }: RunHash): number {
  return numberField(fields[F.created_at]) ?? Math.floor(seq / 1_000);
}

function readyAt(hash: RunHash): number {
  const { fields } = hash;
  return numberField(fields[F.ready_at]) ?? numberField(fields[F.scheduled_for]) ?? createdAt(hash);
}

/** @throws Error when it is missing: then the hash is no run. */
function text(fields: Fields, field: string): string {
  const value = fields[field];
  if (value === undefined) throw new Error(`a run without its field ${field}`);
  return value;
}

/** @param usual what an absent field says. */
function wordOf<Word>(words: ReadonlyMap<string, Word>, fields: Fields, field: string, usual: Word): Word {
  const code = fields[field];
  const word = code === undefined ? usual : words.get(code);
  if (word === undefined) throw new Error(`a run whose field ${field} is ${code}`);
  return word;
}

function named<Word extends string>(codes: Readonly<Record<Word, string>>): ReadonlyMap<string, Word> {
  return new Map(Object.entries<string>(codes).map(([word, code]) => [code, word as Word]));
}
