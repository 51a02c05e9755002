/** Whether new work is taken: not while a stop waits for runs to end, since nobody would start it. */
import { JobschedError } from '../errors.ts';
import type { App } from './app.ts';

/** @throws JobschedError `shutting_down`. What exists can still be read, cancelled, edited. */
export function requireTakingWork(app: Pick<App, 'takesWork'>): void {
  if (app.takesWork()) return;
  throw new JobschedError('shutting_down', 'jobsched is stopping and takes no new work', {
    hint: 'Runs under way may still end. Submit again when it is back.',
  });
}
