/** Our store on the benchmark's Redis, and jobs to put there. */
import { randomUUID } from 'node:crypto';
import { jobId } from '../../src/domain/id.ts';
import { COMMON_DEFAULTS, CRON_DEFAULTS } from '../../src/domain/job.ts';
import type { NewJob } from '../../src/store/jobs.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import { MOST_ITEMS, type Store } from '../../src/store/store.ts';
import { inLanes } from '../load/lanes.ts';

export function openBenchStore(url: string): Promise<Store> {
  return openStore({ kind: 'redis', address: redisAddress(url), report: () => {} });
}

export function onceJob(command: string): NewJob {
  const definition = { ...COMMON_DEFAULTS, type: 'once', command, runAt: null } as const;
  return { id: jobId(randomUUID()), definition, nextSlot: null };
}

/** A job of every second. @param from its first slot, in ms. */
export function everySecond(command: string, from: number): NewJob {
  const definition = {
    ...COMMON_DEFAULTS,
    ...CRON_DEFAULTS,
    type: 'cron',
    command,
    schedule: '* * * * * *',
    timezone: 'UTC',
    anchor: from,
  } as const;
  return { id: jobId(randomUUID()), definition, nextSlot: from };
}

/** Calls under way at once while a store is filled. */
export const LANES = 4;

/** Creates jobs, as many a call as one takes. */
export async function fill(store: Store, count: number, job: () => NewJob): Promise<void> {
  await inLanes(Math.ceil(count / MOST_ITEMS), LANES, async (call) => {
    const size = Math.min(MOST_ITEMS, count - call * MOST_ITEMS);
    await store.createJobs(Array.from({ length: size }, job), null);
  });
}
