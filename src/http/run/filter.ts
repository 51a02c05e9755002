/** A filter of runs, from the wire to the store. */
import type { RunFilter } from '../../store/views.ts';
import { fromWireTime } from '../reply/wire-time.ts';
import type { RunListQuery } from '../schema/query.ts';

type WireFilter = Omit<RunListQuery, 'job' | 'limit' | 'cursor'>;

/** But for the job, which is to be found first. */
export function toRunFilter({ q: text, since, until, ...same }: WireFilter): Omit<RunFilter, 'job'> {
  return { ...same, text, since: maybeTime(since), until: maybeTime(until) };
}

const maybeTime = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : fromWireTime(text);
