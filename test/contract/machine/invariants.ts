/** What holds at every moment of every history (design section 2), and over every call. */
import { expect } from 'vitest';
import type { JobId, RunId } from '../../../src/domain/id.ts';
import { isLate, isOverdue } from '../../../src/domain/late.ts';
import { RUN_STATUSES, type Run, type RunStatus } from '../../../src/domain/run.ts';
import { allMoves, BIRTHS, isFinal } from '../../../src/domain/run-state.ts';
import type { Machine } from './machine.ts';
import { snapshot, type Snapshot } from './snapshot.ts';

export class Invariants {
  readonly #machine: Machine;
  #before: Snapshot | null = null;
  /** By job: runs that a slot gave, and by record how many slots it counts. Also of those that were trimmed since. */
  readonly #born = new Map<JobId, Set<RunId>>();
  readonly #skipped = new Map<JobId, Map<RunId, number>>();
  /** The highest fence that was seen of each run. */
  readonly #fences = new Map<RunId, number>();
  /** Runs that were seen final, also those that are gone since. */
  readonly #ended = new Set<RunId>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Looks at the store after a call. */
  async check(call: string): Promise<void> {
    const now = await snapshot(this.#machine.store, this.#before);
    for (const run of now.runs) {
      this.#machine.runs.add(run.id);
      this.#note(run);
      checkRun(run, now);
      this.#checkAttempts(run, now);
    }
    this.#checkSteps(now, call);
    this.#checkFences(now);
    this.#checkJobs(now);
    checkCounts(now);
    this.#checkTotals(now);
    this.#before = now;
  }

  /** Every slot gave exactly one run or is counted in exactly one record. */
  checkSlots(): void {
    for (const job of this.#machine.jobs) {
      const records = [...(this.#skipped.get(job)?.values() ?? [])];
      const found = (this.#born.get(job)?.size ?? 0) + records.reduce((sum, count) => sum + count, 0);
      expect([job, found]).toEqual([job, this.#machine.slots.get(job) ?? 0]);
    }
  }

  /** After `drain`: nothing is stuck. */
  checkAllFinal(): void {
    const stuck = this.#before?.runs.filter(({ status }) => !isFinal(status)) ?? [];
    expect(stuck.map(({ id, status, place }) => ({ id, status, place }))).toEqual([]);
  }

  #note(run: Run): void {
    if (run.skipped !== null) mapOf(this.#skipped, run.jobId, () => new Map()).set(run.id, run.skipped.count);
    else if (run.trigger === 'schedule') mapOf(this.#born, run.jobId, () => new Set()).add(run.id);
  }

  /** Every end is counted once, when it comes. */
  #checkTotals({ runs, totals }: Snapshot): void {
    for (const { id, status } of runs) if (isFinal(status)) this.#ended.add(id);
    expect(totals.ended.reduce((sum, { count }) => sum + count, 0)).toBe(this.#ended.size);
    const before = this.#before?.totals;
    if (before !== undefined) expect(totals.late).toBeGreaterThanOrEqual(before.late);
  }

  #checkSteps(now: Snapshot, call: string): void {
    const earlier = new Map(this.#before?.runs.map((run) => [run.id, run]));
    const present = new Set(now.runs.map(({ id }) => id));
    for (const run of now.runs) {
      const old = earlier.get(run.id);
      if (old === undefined) expect(BIRTHS).toContain(run.status);
      else checkStep(old, run, call);
    }
    for (const old of earlier.values()) {
      if (present.has(old.id)) continue;
      expect([call, isFinal(old.status)]).toEqual(['trim', true]);
    }
    this.#checkTurns(now, earlier);
  }

  /** Whoever waits has its turn after all that waited before it. */
  #checkTurns(now: Snapshot, earlier: ReadonlyMap<RunId, Run>): void {
    for (const run of now.runs) {
      const hadTurn = earlier.get(run.id)?.place === 'turn' && (run.status === 'running' || isQueued(run));
      if (!hadTurn) continue;
      const passed = now.runs.filter(
        (one) => one.jobId === run.jobId && one.place === 'turn' && one.number < run.number,
      );
      expect(passed).toEqual([]);
    }
  }

  #checkFences(now: Snapshot): void {
    for (const [run, attempts] of now.attempts) {
      const fences = attempts.map(({ fence }) => fence);
      expect(fences).toEqual([...new Set(fences)].toSorted((a, b) => a - b));
      const newest = Math.max(0, ...fences);
      const running = attempts.at(-1)?.outcome === null;
      if (running) expect(newest).toBeGreaterThanOrEqual(this.#fences.get(run) ?? 0);
      this.#fences.set(run, Math.max(newest, this.#fences.get(run) ?? 0));
    }
  }

  #checkAttempts(run: Run, now: Snapshot): void {
    const attempts = now.attempts.get(run.id) ?? [];
    expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));
    expect(run.attempt).toBe(attempts.length);
    const retries = this.#machine.definitions.get(run.jobId)?.retries ?? 0;
    expect(attempts.length).toBeLessThanOrEqual(retries + 1);
    const open = attempts.filter(({ outcome }) => outcome === null);
    expect(open.map(({ number }) => number)).toEqual(run.status === 'running' ? [attempts.length] : []);
    for (const { owner, fence } of open) expect([owner.length, fence > 0]).toEqual([36, true]);
  }

  #checkJobs(now: Snapshot): void {
    for (const job of now.jobs) {
      const runs = now.runs.filter(({ jobId }) => jobId === job.id);
      const { type, overlap } = job.definition;
      const admitted = runs.filter((run) => isLive(run) && !this.#machine.forced.has(run.id));
      if (overlap !== 'allow') expect(admitted.length).toBeLessThanOrEqual(1);
      // Whoever waits, waits for somebody.
      if (runs.some(({ place }) => place === 'turn')) expect(runs.some((run) => isLive(run))).toBe(true);
      const [latest] = runs;
      if (latest?.number === job.lastRun?.number && latest !== undefined) {
        const { id, number, status, reason, startedAt, finishedAt, contactLostAt, lateAt } = latest;
        expect(job.lastRun).toEqual({ id, number, status, reason, startedAt, finishedAt, contactLostAt, lateAt });
      }
      if (type === 'once') expect(job.status).toBe(job.lastRun?.status);
      else expect(job.status === 'scheduled').toBe(job.nextSlot !== null);
      if (job.nextSlot !== null) expect(job.nextSlot).toBeGreaterThan(job.lastSlot ?? -Infinity);
    }
  }
}

/** What a run looks like in its state. */
function checkRun(run: Run, now: Snapshot): void {
  const { status, place, readyAt, finishedAt, contactLostAt } = run;
  expect({ run, hasPlace: place !== null }).toEqual({ run, hasPlace: status === 'pending' });
  expect({ run, hasTime: readyAt !== null }).toEqual({ run, hasTime: place === 'delay' });
  expect({ run, hasEnd: finishedAt !== null }).toEqual({ run, hasEnd: isFinal(status) });
  if (status !== 'running') expect({ run, contactLostAt }).toEqual({ run, contactLostAt: null });
  if (status === 'pending') expect({ run, flagged: run.cancelRequested }).toEqual({ run, flagged: false });
  if (status === 'skipped') expect(now.attempts.get(run.id)).toEqual([]);
  if (run.skipped !== null) expect(run.skipped.count).toBeGreaterThan(0);
}

/** What may become of a run in one call. */
function checkStep(old: Run, run: Run, call: string): void {
  expect({ call, old, steps: statusesFrom([old.status], call) }).toEqual({
    call,
    old,
    steps: expect.arrayContaining([run.status]) as RunStatus[],
  });
  if (old.cancelRequested) expect({ call, old, status: run.status }).not.toMatchObject({ status: 'pending' });
  if (!isFinal(old.status)) return;
  // A record of skipped slots grows, output is trimmed; nothing else of a final run changes.
  const changing = { skipped: null, outputTruncated: false, finishedAt: null, scheduledFor: null };
  if (run.skipped !== null) expect({ ...run, ...changing }).toEqual({ ...old, ...changing });
  else expect({ ...run, outputTruncated: old.outputTruncated }).toEqual(old);
  if (call !== 'trim' && run.skipped === null) expect(run).toEqual(old);
}

/** The statuses that one call can lead to: one move, or two where a call is two (an end, and a claim). */
function statusesFrom(from: readonly RunStatus[], call: string): RunStatus[] {
  const once = (all: readonly RunStatus[]): RunStatus[] => [
    ...all,
    ...allMoves()
      .filter((move) => all.includes(move.from))
      .map((move) => move.to),
  ];
  return call === 'finish and claim' ? once(once(from)) : once(from);
}

function checkCounts({ now, jobs, runs, counts, queues }: Snapshot): void {
  const cron = (status: string): number =>
    jobs.filter((job) => job.definition.type === 'cron' && job.status === status).length;
  expect(counts).toEqual({
    jobs: {
      once: jobs.filter(({ definition }) => definition.type === 'once').length,
      scheduled: cron('scheduled'),
      paused: cron('paused'),
      finished: cron('finished'),
    },
    runs: Object.fromEntries(
      RUN_STATUSES.map((status) => [status, runs.filter((run) => run.status === status).length]),
    ),
    waitingLate: runs.filter((run) => run.startedAt === null && isLate(run, now)).length,
    overdue: jobs.filter((job) => isOverdue(job, now)).length,
  });
  const open = runs.filter(({ status }) => !isFinal(status));
  const names = [...new Set(['default', ...open.map(({ queue }) => queue)])].toSorted();
  expect(queues).toEqual(
    names.map((name) => {
      const own = open.filter(({ queue }) => queue === name);
      const running = own.filter(({ status }) => status === 'running').length;
      const queued = own.filter(({ place }) => place === 'queue').length;
      return { name, queued, running, paused: false, maxRunning: null };
    }),
  );
}

function isQueued(run: Run): boolean {
  return run.place === 'queue' || run.place === 'delay';
}

function isLive(run: Run): boolean {
  return run.status === 'running' || isQueued(run);
}

function mapOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
