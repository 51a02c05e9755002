/** What time has brought, and slots that become runs. See lua/tick.lua and lua/fire.lua. */
import { decodeDefinition } from '../../domain/definition-json.ts';
import { jobId, type RunId } from '../../domain/id.ts';
import type { CronDefinition } from '../../domain/job.ts';
import type { DueJob, FireResult, Firing, Tick } from '../schedules.ts';
import type { RedisLink } from './link.ts';
import { failure, list, numberOrNull, tagged } from './reply.ts';
import type { Argument } from './scripts.ts';

export async function tick(link: RedisLink, limit: number): Promise<Tick> {
  const [now, nextAt, leases, flagged, lost, due] = list(await link.run('tick', limit));
  return {
    now: Number(now),
    nextAt: numberOrNull(nextAt),
    leases: leases === 1,
    flagged: list(flagged).map((run) => String(run) as RunId),
    lost: list(lost).map((run) => String(run) as RunId),
    due: list(due).map(toDueJob),
  };
}

function toDueJob(reply: unknown): DueJob {
  const [job, version, slot, text] = list(reply);
  return {
    job: jobId(String(job)),
    version: Number(version),
    slot: Number(slot),
    definition: cronDefinition(String(text)),
  };
}

/** @throws Error for a once job. */
function cronDefinition(text: string): CronDefinition {
  const definition = decodeDefinition(text);
  if (definition.type !== 'cron') throw new Error('a once job has no slots');
  return definition;
}

export async function fire(link: RedisLink, firings: readonly Firing[]): Promise<FireResult[]> {
  const replies = list(await link.run('fire', ...firings.flatMap(toArguments)));
  return firings.map((_, index) => toResult(replies[index]));
}

function toArguments({ job, version, slot, next, skipped, runs }: Firing): Argument[] {
  const passed =
    skipped === null ? ['', '', '', ''] : [skipped.first, skipped.last, skipped.count, skipped.atLeast ? 1 : ''];
  const wanted = runs.flatMap((run) => [run.slot, run.readyAt]);
  return [job, version, slot, next ?? '', ...passed, runs.length, ...wanted];
}

function toResult(reply: unknown): FireResult {
  const [tag, skipped, ...runs] = tagged(reply);
  if (tag === 'fired') {
    return { status: 'fired', skipped: Number(skipped), runs: runs.map((run) => String(run) as RunId) };
  }
  if (tag === 'stale' || tag === 'early' || tag === 'more') return { status: tag };
  return { status: 'failed', error: failure(reply) ?? new Error(`fire answered ${tag}`) };
}
