/** A filter of jobs, from the wire to the store. */
import type { JobFilter } from '../../store/views.ts';
import type { JobListQuery } from '../schema/query.ts';

type WireFilter = Omit<JobListQuery, 'limit' | 'cursor'>;

export function toJobFilter({ q: text, ...same }: WireFilter): JobFilter {
  return { ...same, text };
}
