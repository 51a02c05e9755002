/** What time has brought, and slots that become runs. See lua/tick.lua and lua/fire.lua. */
import { jobId, runId, type JobId, type RunId } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { DueJob, FireResult, Firing, Tick } from '../../schedules.ts';
import type { DueVersion, KnownSchedules } from './known-schedules.ts';
import type { LeaseTime } from '../leases/lease-time.ts';
import type { RedisLink } from '../link/link.ts';
import { failure, list, numberOrNull, tagged } from '../link/reply.ts';
import type { Argument } from '../link/scripts.ts';

export interface Ticking {
  readonly schedules: KnownSchedules;
  readonly leaseTime: LeaseTime;
}

export async function tick(link: RedisLink, { schedules, leaseTime }: Ticking, limit: number): Promise<Tick> {
  const asked = leaseTime.ask();
  const { most, excess } = asked;
  const parameters = [limit, most ?? '', excess?.shift ?? '', excess?.by ?? ''];
  const [now, nextAt, leases, flagged, lost, flat, shift, decided] = list(await link.run('tick', ...parameters));
  leaseTime.hear(asked, { now: Number(now), shift: Number(shift), decided: Number(decided) });
  const found = toDue(list(flat));
  const due = await withDefinitions(link, schedules, found);
  return {
    now: Number(now),
    // A job that was edited in between is asked for once more.
    nextAt: due.length < found.length ? Number(now) : numberOrNull(nextAt),
    leases: leases === 1,
    flagged: list(flagged).map((run) => String(run) as RunId),
    lost: list(lost).map((run) => String(run) as RunId),
    due,
  };
}

interface Due extends DueVersion {
  readonly slot: Instant;
}

/** @param flat job, version, since when it has that, and slot of each. */
function toDue(flat: readonly unknown[]): Due[] {
  return Array.from({ length: flat.length / 4 }, (_, index) => ({
    job: jobId(String(flat[4 * index])),
    version: Number(flat[4 * index + 1]),
    versionAt: numberOrNull(flat[4 * index + 2]),
    slot: Number(flat[4 * index + 3]),
  }));
}

async function withDefinitions(link: RedisLink, known: KnownSchedules, due: readonly Due[]): Promise<DueJob[]> {
  const definitions = await known.of(link, due);
  return due.flatMap(({ job, version, slot }, index) => {
    const definition = definitions[index] ?? null;
    return definition === null ? [] : [{ job, version, slot, definition }];
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
