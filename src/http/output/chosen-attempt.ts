/** Which attempt's output is meant. */
import { JobschedError } from '../../errors.ts';
import type { FoundRun } from '../lookup.ts';

/** @returns the newest where none is asked for; 0 when there is none. @throws JobschedError `not_found`. */
export function chosenAttempt({ run, attempts }: FoundRun, asked: number | undefined): number {
  const newest = attempts.reduce((most, attempt) => Math.max(most, attempt.number), run.attempt);
  if (asked === undefined) return newest;
  if (asked <= newest) return asked;
  throw new JobschedError('not_found', `the run ${run.id} has no attempt ${asked}`, {
    field: 'attempt',
    hint: newest === 0 ? 'It has not been started yet.' : `Its newest is ${newest}.`,
  });
}
