/** What time has brought, and slots that become runs. See lua/tick.lua and lua/fire.lua. */
import { jobId, runId, type JobId, type RunId } from '../../domain/id.ts';
import type { DueJob, FireResult, Firing, Tick } from '../schedules.ts';
import type { KnownSchedules } from './known-schedules.ts';
import type { RedisLink } from './link.ts';
import { failure, list, numberOrNull, tagged } from './reply.ts';
import type { Argument } from './scripts.ts';

export async function tick(link: RedisLink, known: KnownSchedules, limit: number): Promise<Tick> {
  const [now, nextAt, leases, flagged, lost, due] = list(await link.run('tick', limit));
  return {
    now: Number(now),
    nextAt: numberOrNull(nextAt),
    leases: leases === 1,
    flagged: list(flagged).map((run) => String(run) as RunId),
    lost: list(lost).map((run) => String(run) as RunId),
    due: await dueJobs(link, known, list(due)),
  };
}

/** @param flat job, version, since when it has that, and slot of each. */
async function dueJobs(link: RedisLink, known: KnownSchedules, flat: readonly unknown[]): Promise<DueJob[]> {
  const due = Array.from({ length: flat.length / 4 }, (_, index) => ({
    job: jobId(String(flat[4 * index])),
    version: Number(flat[4 * index + 1]),
    versionAt: numberOrNull(flat[4 * index + 2]),
    slot: Number(flat[4 * index + 3]),
  }));
  const definitions = await known.of(link, due);
  return due.flatMap((one, index) => {
    const definition = definitions[index] ?? null;
    return definition === null ? [] : [{ job: one.job, version: one.version, slot: one.slot, definition }];
  });
}

export async function fire(link: RedisLink, firings: readonly Firing[]): Promise<FireResult[]> {
  const replies = list(await link.run('fire', ...firings.flatMap(toArguments)));
  return firings.map(({ job }, index) => toResult(job, replies[index]));
}

function toArguments({ job, version, slot, next, skipped, runs }: Firing): Argument[] {
  const passed =
    skipped === null ? ['', '', '', ''] : [skipped.first, skipped.last, skipped.count, skipped.atLeast ? 1 : ''];
  const wanted = runs.flatMap((run) => [run.slot, run.readyAt]);
  return [job, version, slot, next ?? '', ...passed, runs.length, ...wanted];
}

function toResult(job: JobId, reply: unknown): FireResult {
  const [tag, skipped, ...numbers] = tagged(reply);
  if (tag === 'fired') {
    return { status: 'fired', skipped: Number(skipped), runs: numbers.map((number) => runId(job, Number(number))) };
  }
  if (tag === 'stale' || tag === 'early' || tag === 'more') return { status: tag };
  return { status: 'failed', error: failure(reply) ?? new Error(`fire answered ${tag}`) };
}
