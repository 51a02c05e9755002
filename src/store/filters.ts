/** Whether a job or a run is what a list was asked for. */
import type { Instant } from '../domain/instant.ts';
import type { Job } from '../domain/job.ts';
import { isLate } from '../domain/late.ts';
import type { Run } from '../domain/run.ts';
import type { JobFilter, RunFilter } from './views.ts';

export function matchesJob(filter: JobFilter, { status, definition }: Job): boolean {
  return (
    isOneOf(filter.status, status) &&
    is(filter.type, definition.type) &&
    is(filter.queue, definition.queue) &&
    (filter.tag === undefined || definition.tags.includes(filter.tag)) &&
    (filter.text === undefined ||
      [definition.name ?? '', definition.command, definition.description].some(contains(filter.text)))
  );
}

/** @param now the engine's. */
export function matchesRun(filter: RunFilter, run: Run, now: Instant): boolean {
  return (
    isOneOf(filter.status, run.status) &&
    is(filter.job, run.jobId) &&
    is(filter.worker, run.worker) &&
    is(filter.queue, run.queue) &&
    (filter.since === undefined || run.createdAt >= filter.since) &&
    (filter.until === undefined || run.createdAt < filter.until) &&
    (filter.late === undefined || isLate(run, now) === filter.late)
  );
}

function is<T>(wanted: T | undefined, actual: T | null): boolean {
  return wanted === undefined || wanted === actual;
}

function isOneOf<T>(wanted: readonly T[] | undefined, actual: T): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.includes(actual);
}

/** Whatever the case. */
function contains(part: string): (text: string) => boolean {
  const lower = part.toLowerCase();
  return (text) => text.toLowerCase().includes(lower);
}
