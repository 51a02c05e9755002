/**
 * Retention, a small step at a time: once jobs that are done, then runs of cron jobs by their own policy, then output
 * beyond the budget, then workers that are gone for good. What only serves to recognise repeats expires by itself.
 *
 * What may go is decided here; short scripts remove it, and check for themselves that it is final and ended when it was
 * read to have: such a run does not change, so that reading first is safe, also beside another server that does the same.
 */
import { DAY } from '../../../domain/instant.ts';
import type { Trimmed, TrimPolicy } from '../../views.ts';
import { trimAudit } from '../access/audit.ts';
import type { RedisLink } from '../link/link.ts';
import { trimCronJobs } from './trim-cron.ts';
import { isForbidden } from '../link/trouble.ts';

/** How many bytes of output one call drops, about. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Of the memory that Redis may use, all stored output takes at most one part in so many. */
const OUTPUT_SHARE = 4;
/** In a ms: what a seq counts. */
const MICROSECONDS = 1_000;

export async function trim(link: RedisLink, policy: TrimPolicy, limit: number): Promise<Trimmed> {
  const once = await trimOnceJobs(link, policy, limit);
  const left = limit - once.jobs - once.runs;
  const cron = await trimCronJobs(link, left);
  const { outputs, more } = await trimOutputs(link, policy, limit);
  const workers = Number(await link.run('trim-workers', DAY, limit));
  const forgotten = Math.max(workers, await trimAudit(link, policy, limit));
  return {
    jobs: once.jobs + cron.jobs,
    runs: once.runs + cron.runs,
    outputs,
    more: left <= 0 || once.more || cron.more || more || forgotten >= limit,
  };
}

async function trimOnceJobs(
  link: RedisLink,
  { onceKeepDays, onceKeepCount }: TrimPolicy,
  limit: number,
): Promise<{ readonly jobs: number; readonly runs: number; readonly more: boolean }> {
  const before = Math.max(0, (await link.now()) - onceKeepDays * DAY) * MICROSECONDS;
  const reply = (await link.run('trim-once', before, onceKeepCount, limit)) as [number, number, number];
  const [jobs, runs, more] = reply;
  return { jobs, runs, more: more === 1 };
}

async function trimOutputs(
  link: RedisLink,
  { outputBudgetBytes }: TrimPolicy,
  limit: number,
): Promise<{ readonly outputs: number; readonly more: boolean }> {
  const budget = Math.min(outputBudgetBytes, await shareOfMemory(link));
  const [outputs, more] = (await link.run('trim-outputs', budget, MOST_BYTES, limit)) as [number, number];
  return { outputs, more: more === 1 };
}

/** In bytes; no limit where Redis has none, or does not tell. */
async function shareOfMemory(link: RedisLink): Promise<number> {
  const most = Number(/^maxmemory:(\d+)/m.exec(await infoOfMemory(link))?.[1] ?? 0);
  return most === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(most / OUTPUT_SHARE);
}

/** Empty when this user may not ask. */
async function infoOfMemory(link: RedisLink): Promise<string> {
  try {
    const [info] = await link.read([['INFO', 'memory']]);
    return String(info);
  } catch (error) {
    if (isForbidden(error)) return '';
    throw error;
  }
}
