/**
 * What no history may show, whatever went wrong in it. The witness saw it from outside; what the store tells of it at the
 * end has to agree.
 */
import type { Millis } from '../../src/domain/instant.ts';
import type { JobId } from '../../src/domain/id.ts';
import type { Attempt, Outcome, Run } from '../../src/domain/run.ts';
import { isFinal } from '../../src/domain/run-state.ts';
import { LEASE } from '../../src/store/leases.ts';
import type { KnownJob, People } from './people.ts';
import type { SeenRun, Snapshot } from './snapshot.ts';
import { checkSlots } from './slots.ts';
import type { Child, Witness } from './witness.ts';

export interface Seen {
  readonly witness: Witness;
  readonly people: People;
  /** In their order; the last one is `last`. */
  readonly snapshots: readonly Snapshot[];
  readonly last: Snapshot;
  /** When the faults ended. */
  readonly healedAt: Millis;
  /** Whether all came to its end in time. */
  readonly ended: boolean;
}

/** @returns each thing that may not be, in words. */
export function check(seen: Seen): string[] {
  return [
    ...seen.witness.early,
    ...checkEnd(seen),
    ...checkSnapshots(seen),
    ...checkChildren(seen),
    ...checkOverlaps(seen),
    ...checkAttempts(seen),
    ...checkAcknowledged(seen),
    ...seen.people.jobs.flatMap((known) => checkSlots(known, seen.last)),
  ];
}

/** Once nothing fails any more everything ends. */
function checkEnd({ ended, last }: Seen): string[] {
  if (ended) return [];
  const open = [...last.runs.values()].filter(({ run }) => !isFinal(run.status));
  return [`not all came to its end: ${JSON.stringify(open)}`];
}

/** A final run stays as it is; a record of skipped slots may grow. */
function checkSnapshots({ snapshots }: Seen): string[] {
  const wrong: string[] = [];
  for (const [index, before] of snapshots.entries()) {
    const after = snapshots[index + 1];
    if (after === undefined) continue;
    for (const [id, old] of before.runs) {
      const now = after.runs.get(id);
      if (now === undefined) wrong.push(`run ${id} is gone`);
      else if (isFinal(old.run.status) && old.run.skipped === null && JSON.stringify(old) !== JSON.stringify(now)) {
        wrong.push(`a final run changed: ${JSON.stringify(old)} → ${JSON.stringify(now)}`);
      } else if (now.attempts.length < old.attempts.length - 1) {
        wrong.push(`attempts of ${id} are gone`);
      }
    }
  }
  return wrong;
}

/** Each child is an attempt that the store knows; none is started before its slot, none twice. */
function checkChildren({ witness, last, people }: Seen): string[] {
  const wrong: string[] = [];
  const started = new Map<string, Child>();
  const perRun = new Map<string, number>();
  const retries = new Map<string, number>(people.jobs.map(({ job }) => [job.id, job.definition.retries]));
  for (const child of witness.children) {
    const key = keyOf(child);
    if (started.has(key)) wrong.push(`attempt ${key} was started twice`);
    started.set(key, child);
    perRun.set(child.run, (perRun.get(child.run) ?? 0) + 1);
    if (!last.runs.get(child.run)?.attempts.some(({ fence }) => fence === child.fence)) {
      wrong.push(`the store knows nothing of attempt ${key}`);
    }
    if (child.scheduledFor !== null && child.scheduledFor > child.engineAt) wrong.push(`${key} was started early`);
    if (child.endedAt === Infinity) wrong.push(`child ${key} has not ended`);
  }
  for (const [run, count] of perRun) {
    const allowed = (retries.get(last.runs.get(run)?.run.jobId ?? '') ?? 0) + 1;
    if (count > allowed) wrong.push(`${count} children of run ${run}, which may have ${allowed} attempts`);
  }
  return wrong;
}

/** No two children of a run, or of a job that allows no overlap, live at once. */
function checkOverlaps({ witness, people }: Seen): string[] {
  const exclusive = new Set<string>(people.jobs.filter(allowsNoOverlap).map(({ job }) => job.id));
  const wrong: string[] = [];
  const living = new Map<string, Child[]>();
  for (const child of witness.children) {
    const line = exclusive.has(child.job) ? child.job : child.run;
    const others = (living.get(line) ?? []).filter(({ endedAt }) => endedAt > child.startedAt);
    living.set(line, [...others, child]);
    for (const other of others) {
      wrong.push(`two at once: ${describe(other)} and ${describe(child)}`);
    }
  }
  return wrong;
}

function allowsNoOverlap({ job, forced }: KnownJob): boolean {
  return job.definition.overlap !== 'allow' && !forced;
}

/** What the store tells of an attempt is what happened. */
function checkAttempts(seen: Seen): string[] {
  const children = new Map(seen.witness.children.map((child) => [keyOf(child), child]));
  const wrong: string[] = [];
  for (const { run, attempts } of seen.last.runs.values()) {
    for (const attempt of attempts) {
      const key = `${run.id} ${attempt.fence}`;
      const child = children.get(key) ?? null;
      const problem = problemOf(seen, run, attempt, child);
      if (problem !== null) wrong.push(`attempt ${key}: ${problem}: ${JSON.stringify(attempt)}, ${describe(child)}`);
    }
    wrong.push(...problemsOfRun({ run, attempts }));
  }
  return wrong;
}

function problemOf(seen: Seen, run: Run, attempt: Attempt, child: Child | null): string | null {
  const { outcome } = attempt;
  if (outcome === null) return 'has no end';
  if (isGivenUp(outcome)) return isForgotten(seen, run, attempt) ? 'its worker was in contact, and forgot it' : null;
  if (child === null) return outcome.status === 'cancelled' && outcome.signal === null ? null : 'nobody saw a child';
  if (!isSame(child.outcome, outcome)) return 'the child ended otherwise';
  const output = seen.last.outputs.get(keyOf(child)) ?? '';
  return output === child.written ? null : `its output is ${JSON.stringify(output)}`;
}

/** A worker that stood still takes a failure meanwhile for the doing of its stand-in. */
function isSame(seen: Outcome | null, told: Outcome): boolean {
  if (JSON.stringify(seen) === JSON.stringify(told)) return true;
  if (told.status !== 'failed' || told.reason !== 'lost' || !told.detail.includes('stood still')) return false;
  if (seen?.status !== 'failed') return false;
  return seen.reason === 'signal' ? seen.signal === told.signal : seen.reason === 'exit';
}

/** Decided by the engine, not told by its worker. */
function isGivenUp(outcome: Outcome): boolean {
  return outcome.status === 'failed' && outcome.reason === 'lost' && outcome.exitCode === undefined;
}

/**
 * A worker that was in contact with the engine shows all that it holds: what lapses all the same it did not know of, though
 * it had the answer to the claim.
 */
function isForgotten({ witness }: Seen, run: Run, attempt: Attempt): boolean {
  const owner = witness.owners.get(attempt.owner);
  const decided = witness.givenUp.get(run.id)?.at(-1);
  const claim = witness.claims.get(`${run.id} ${attempt.fence}`);
  if (owner === undefined || decided === undefined || claim === undefined || !owner.alive) return false;
  if (witness.givenUp.get(run.id)?.length !== 1 || owner.freezes.length > 0) return false;
  const answers = witness.answered.get(claim.owner) ?? [];
  const told = answers.find((one) => one.claimNumber >= claim.claimNumber)?.at;
  if (told === undefined || told > decided - LEASE) return false;
  // On a bad link each of its renewals can be lost, and other calls come through.
  const renewals = witness.renewals.get(`${run.id} ${attempt.fence}`) ?? [];
  if (renewals.some((at) => at > decided - LEASE && at < decided)) return false;
  const contacts = witness.contacts.get(attempt.owner) ?? [];
  // One contact is not enough: what came through may have been another call, with the link broken before and after.
  return [1, 2, 3].every((third) =>
    contacts.some((at) => at > decided - (third * LEASE) / 3 && at < decided - ((third - 1) * LEASE) / 3),
  );
}

function problemsOfRun({ run, attempts }: SeenRun): string[] {
  const last = attempts.at(-1);
  const wrong: string[] = [];
  if (run.status === 'succeeded' && last?.outcome?.status !== 'succeeded') wrong.push('succeeded without a success');
  if (run.status === 'failed' && last?.outcome?.status !== 'failed') wrong.push('failed without a failure');
  if (run.status === 'skipped' && attempts.length > 0) wrong.push('was skipped after an attempt');
  const earlier = attempts.slice(0, -1);
  if (earlier.some(({ outcome }) => outcome?.status !== 'failed')) wrong.push('was retried after a success');
  return wrong.map((what) => `run ${run.id} ${what}: ${JSON.stringify({ run, attempts })}`);
}

/** What people were told is there. */
function checkAcknowledged({ people, last }: Seen): string[] {
  const wrong: string[] = [];
  const jobsOfRuns = new Set<JobId>([...last.runs.values()].map(({ run }) => run.jobId));
  for (const { job, acknowledged, deleted } of people.jobs) {
    if (!acknowledged) continue;
    if (!deleted && !last.jobs.has(job.id)) wrong.push(`job ${job.id} was acknowledged, and is lost`);
    if (job.definition.type === 'once' && !jobsOfRuns.has(job.id)) wrong.push(`the run of job ${job.id} is lost`);
  }
  for (const { job, asked } of people.jobs) {
    const byHand = [...last.runs.values()].filter(({ run }) => run.jobId === job.id && run.trigger === 'manual').length;
    if (byHand > asked) wrong.push(`job ${job.id} was run ${byHand} times by hand, and ${asked} were asked for`);
  }
  for (const run of people.triggered) if (!last.runs.has(run)) wrong.push(`run ${run} was acknowledged, and is lost`);
  return wrong;
}

function keyOf({ run, fence }: Pick<Child, 'run' | 'fence'>): string {
  return `${run} ${fence}`;
}

function describe(child: Child | null): string {
  if (child === null) return 'no child';
  const { worker, startedAt, endedAt, outcome } = child;
  return `child ${keyOf(child)} on ${worker.name}, ${startedAt.toFixed(0)} to ${endedAt.toFixed(0)}, ${JSON.stringify(outcome)}`;
}
