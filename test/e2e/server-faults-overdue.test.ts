/**
 * A server that comes back and finds everything overdue, on both engines: each slot gets what its job's policy says, and
 * people get answers meanwhile.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { CronDefinition } from '../../src/domain/job.ts';
import type { JobId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND, type Instant } from '../../src/domain/instant.ts';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { StatsView } from '../../src/http/schema/system.ts';
import type { NewJob } from '../../src/store/jobs.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import { MOST_ITEMS, type Store } from '../../src/store/store.ts';
import type { DaemonProcess } from '../support/daemon-process.ts';
import { cronDefinition, newJob } from '../support/definitions.ts';
import { onSite as it, type Site } from '../support/site.ts';
import { startStandalone } from '../support/standalone.ts';

/** Jobs with one overdue slot each. */
const JOBS = 10_000;
/** Slots of each job with many: two days of seconds, all of them overdue. */
const MANY = 172_800;

/** Nobody serves it: what is fired stays there to be looked at. */
const QUEUE = 'nobody';

/** What becomes of a job: its runs, and the slots of its records of skipped ones. */
interface Outcome {
  readonly runs: number;
  readonly skipped: number;
  /** Whether more were skipped than were counted. */
  readonly atLeast: boolean;
}

interface Case {
  readonly policy: Partial<CronDefinition>;
  readonly becomes: Outcome;
}

const one = { runs: 1, skipped: 0, atLeast: false };
const none = { runs: 0, skipped: 1, atLeast: false };

/** For jobs that missed a single slot, half an hour ago. */
const ONE_SLOT: readonly Case[] = [
  { policy: {}, becomes: one },
  { policy: { misfire: 'all', overlap: 'queue' }, becomes: one },
  { policy: { misfire: 'skip' }, becomes: none },
  { policy: { misfireWindowSeconds: 60 }, becomes: none },
];

const window = { misfireWindowSeconds: (2 * MANY * SECOND) / SECOND };

/** For jobs that missed {@link MANY}. */
const MANY_SLOTS: readonly Case[] = [
  { policy: { ...window, misfire: 'latest' }, becomes: { runs: 1, skipped: 1_000, atLeast: true } },
  { policy: { ...window, misfire: 'skip' }, becomes: { runs: 0, skipped: 1_000, atLeast: true } },
  { policy: { misfire: 'latest', misfireWindowSeconds: 5 }, becomes: { runs: 0, skipped: 1_000, atLeast: true } },
  { policy: { ...window, misfire: 'all', overlap: 'allow' }, becomes: { runs: 1_000, skipped: 1_000, atLeast: true } },
  // One waits for a worker and 100 for their turn; then it is full.
  {
    policy: { ...window, misfire: 'all', overlap: 'queue' },
    becomes: { runs: 101, skipped: 1_000 + 899, atLeast: true },
  },
];

interface Prepared {
  readonly jobs: readonly NewJob[];
  readonly becomes: ReadonlyMap<JobId, Outcome>;
}

/** All that there is, as a server left it that stopped a while ago. */
function prepare(): Prepared {
  const now = Math.floor(Date.now() / SECOND) * SECOND;
  const missed = new Date(now - 30 * MINUTE);
  const daily = `${missed.getUTCSeconds()} ${missed.getUTCMinutes()} ${missed.getUTCHours()} * * *`;
  const end = now - MINUTE;
  const made = [
    ...Array.from({ length: JOBS }, (_, index) => {
      const { policy, becomes } = ONE_SLOT[index % ONE_SLOT.length] ?? { policy: {}, becomes: one };
      return { job: overdue({ schedule: daily, ...policy }, missed.getTime()), becomes };
    }),
    ...MANY_SLOTS.map(({ policy, becomes }) => ({
      job: overdue({ schedule: '* * * * * *', endsAt: end, ...policy }, end - MANY * SECOND),
      becomes,
    })),
  ];
  return { jobs: made.map(({ job }) => job), becomes: new Map(made.map(({ job, becomes }) => [job.id, becomes])) };
}

function overdue(fields: Partial<CronDefinition>, slot: Instant): NewJob {
  return newJob(cronDefinition({ queue: QUEUE, anchor: slot - HOUR, ...fields }), { nextSlot: slot });
}

/** The slot is all that it had missed: later ones are no business of these tests. */
const ENGINES = {
  sqlite: {
    open: ({ folder }: Site): Promise<Store> =>
      openStore({ kind: 'sqlite', file: join(folder, 'data', 'jobsched.db'), clock: systemClock }),
    start: ({ folder }: Site): Promise<DaemonProcess> => startStandalone({ folder: join(folder, 'data') }),
  },
  redis: {
    open: ({ redis }: Site): Promise<Store> => openStore({ kind: 'redis', address: redisAddress(redis.url) }),
    start: (site: Site): Promise<DaemonProcess> => site.serve(),
  },
};

describe.each(['sqlite', 'redis'] as const)('a server on %s', (name) => {
  const engine = ENGINES[name];

  it(
    `comes back to ${JOBS} jobs with a slot overdue, and some with ${MANY}`,
    { timeout: 180_000 },
    async ({ site }) => {
      const { jobs, becomes } = prepare();
      const before = await engine.open(site);
      for (let from = 0; from < jobs.length; from += MOST_ITEMS) {
        await before.createJobs(jobs.slice(from, from + MOST_ITEMS), null);
      }
      await before.close();

      const server = await engine.start(site);
      const outcomes = [...becomes.values()];
      const pending = outcomes.reduce((sum, { runs }) => sum + runs, 0);
      const withSkipped = outcomes.filter(({ skipped }) => skipped > 0).length;
      const times = await answersUntil(server, async () => {
        const { runs } = await ask<StatsView>(server, '/api/stats');
        if (runs.pending < pending || runs.skipped < withSkipped) return false;
        const many = await Promise.all(jobs.slice(JOBS).map(({ id }) => ask<JobView>(server, `/api/jobs/${id}`)));
        return many.every(({ next_run_at }) => next_run_at === null);
      });
      const mostMemory = Number(
        /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${server.process.pid}/status`, 'utf8'))?.[1],
      );
      await server.end('SIGTERM');
      const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Infinity;
      // Two seconds, on a machine with nothing else to do; ten, which a client waits, on any.
      expect(p99).toBeLessThan(10 * SECOND);
      expect(mostMemory).toBeLessThan(400 * 1024);

      const after = await engine.open(site);
      try {
        const found = new Map([...becomes.keys()].map((id) => [id, { runs: 0, skipped: 0, atLeast: false }]));
        const slots = new Set<string>();
        let cursor: string | null = null;
        do {
          const page = await after.listRuns({}, 200, cursor);
          for (const { jobId, skipped, scheduledFor } of page.rows) {
            const of = found.get(jobId);
            if (of === undefined) throw new Error(`${jobId} is of nobody`);
            if (skipped === null) {
              of.runs += 1;
              slots.add(`${jobId} ${scheduledFor}`);
            } else {
              of.skipped += skipped.count;
              of.atLeast ||= skipped.atLeast;
            }
          }
          cursor = page.next;
        } while (cursor !== null);
        expect(slots.size).toBe(pending);
        expect([...found].filter(([id, is]) => !same(is, becomes.get(id)))).toEqual([]);
      } finally {
        await after.close();
      }
    },
  );
});

const same = (a: Outcome, b: Outcome | undefined): boolean =>
  b !== undefined && a.runs === b.runs && a.skipped === b.skipped && a.atLeast === b.atLeast;

async function ask<Body>({ url }: DaemonProcess, path: string): Promise<Body> {
  const answer = await fetch(url + path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Body;
}

/** How long the list of jobs took, each time that it was asked for until all was done. */
async function answersUntil(server: DaemonProcess, isDone: () => Promise<boolean>): Promise<readonly number[]> {
  const times: number[] = [];
  do {
    const asked = performance.now();
    await ask(server, '/api/jobs?limit=50');
    times.push(performance.now() - asked);
  } while (times.length % 10 !== 0 || !(await isDone()));
  return times;
}
