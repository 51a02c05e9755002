/** Whether a job or a run is what a list was asked for. */
import type { JobId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { Job, JobDefinition } from '../domain/job.ts';
import { isLate } from '../domain/late.ts';
import type { Run } from '../domain/run.ts';
import type { JobFilter, RunFilter } from './views.ts';

export function matchesJob(filter: JobFilter, { status, definition }: Job): boolean {
  return (
    isOneOf(filter.status, status) &&
    is(filter.type, definition.type) &&
    is(filter.queue, definition.queue) &&
    matchesDefinition(filter, definition)
  );
}

/** What runs are held against that do not know it themselves. */
export interface RunsMatched {
  /** The engine's. */
  readonly now: Instant;
  /** Of a run's job, as it is now; undefined when it has gone. Asked for only where {@link asksForJobs}. */
  readonly definitionOf: (job: JobId) => JobDefinition | undefined;
}

export function matchesRun(filter: RunFilter, run: Run, { now, definitionOf }: RunsMatched): boolean {
  return (
    isOneOf(filter.status, run.status) &&
    isOneOf(filter.reason, run.reason) &&
    isOneOf(filter.trigger, run.trigger) &&
    is(filter.job, run.jobId) &&
    is(filter.worker, run.worker) &&
    is(filter.queue, run.queue) &&
    (filter.since === undefined || run.createdAt >= filter.since) &&
    (filter.until === undefined || run.createdAt < filter.until) &&
    (filter.late === undefined || isLate(run, now) === filter.late) &&
    (!asksForJobs(filter) || matchesJobOf(filter, definitionOf(run.jobId)))
  );
}

/** Whether the filter is about what only a run's job tells. */
export function asksForJobs({ tag, text }: Pick<RunFilter, 'tag' | 'text'>): boolean {
  return tag !== undefined || text !== undefined;
}

function matchesJobOf(filter: RunFilter, definition: JobDefinition | undefined): boolean {
  return definition !== undefined && matchesDefinition(filter, definition);
}

function matchesDefinition({ tag, text }: Pick<RunFilter, 'tag' | 'text'>, definition: JobDefinition): boolean {
  return (
    (tag === undefined || definition.tags.includes(tag)) &&
    (text === undefined || [definition.name ?? '', definition.command, definition.description].some(contains(text)))
  );
}

function is<T>(wanted: T | undefined, actual: T | null): boolean {
  return wanted === undefined || wanted === actual;
}

function isOneOf<T>(wanted: readonly T[] | undefined, actual: T | null): boolean {
  return wanted === undefined || wanted.length === 0 || (actual !== null && wanted.includes(actual));
}

/** Whatever the case. */
function contains(part: string): (text: string) => boolean {
  const lower = part.toLowerCase();
  return (text) => text.toLowerCase().includes(lower);
}
