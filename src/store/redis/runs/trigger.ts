/** Runs by hand: started and cancelled. See lua/trigger.lua and lua/cancel.lua. */
import type { RunId } from '../../../domain/id.ts';
import { RUN_STATUSES, type Run } from '../../../domain/run.ts';
import type { CancelResult, TriggerRequest, TriggerResult } from '../../runs.ts';
import { callMark } from '../link/call-mark.ts';
import { getRun } from './find-runs.ts';
import type { RedisLink } from '../link/link.ts';
import { tagged } from '../link/reply.ts';

export async function trigger(link: RedisLink, wanted: TriggerRequest): Promise<TriggerResult> {
  const { job, request, fingerprint, force } = wanted;
  const reply = await link.run('trigger', job, request, fingerprint, wanted.trigger, force ? '1' : '', callMark());
  const [tag, run] = tagged(reply);
  if (tag === 'not_found' || tag === 'key_reused' || tag === 'more') return { status: tag };
  if (tag === 'overlap') return { status: 'overlap', live: String(run) as RunId };
  return { status: tag === 'triggered' ? 'triggered' : 'existing', run: await existingRun(link, String(run) as RunId) };
}

async function existingRun(link: RedisLink, id: RunId): Promise<Run> {
  const found = await getRun(link, id);
  if (found === null) throw new Error(`run ${id} is there, and cannot be read`);
  return found.run;
}

export async function cancel(link: RedisLink, run: RunId): Promise<CancelResult> {
  const [tag, is] = tagged(await link.run('cancel', run, callMark()));
  if (tag === 'cancelled' || tag === 'requested') return { status: tag };
  const status = RUN_STATUSES.find((one) => one === is);
  return status === undefined ? { status: 'not_found' } : { status: 'final', is: status };
}
