/** What is done to a run, whether it is asked for alone or with many others. */
import { JobschedError } from '../../errors.ts';
import { isFinal } from '../../domain/run-state.ts';
import type { Run, RunStatus } from '../../domain/run.ts';
import { called } from '../audit/deeds.ts';
import { noRun } from '../lookup.ts';
import type { ApiRequest } from '../routes/route.ts';

/** @returns whether its worker was asked, since it is running. @throws JobschedError `run_finished`, `not_found`. */
export async function cancel(
  { app: { store }, deeds }: Pick<ApiRequest, 'app' | 'deeds'>,
  { id, jobName }: Run,
): Promise<{ readonly asked: boolean }> {
  const result = await deeds.trying(store.cancel(id), id, called(jobName));
  switch (result.status) {
    case 'cancelled':
    case 'requested':
      deeds.did(id, called(jobName));
      return { asked: result.status === 'requested' };
    case 'not_found':
      throw noRun(id);
    case 'final':
      if (result.is === 'cancelled') return { asked: false };
      throw runFinished(result.is);
  }
}

export function runFinished(status: RunStatus): JobschedError {
  return new JobschedError('run_finished', `the run has finished already: it is ${status}`, {
    hint: 'There is nothing left to cancel; retry runs it again.',
  });
}

/** @throws JobschedError `run_not_finished`: only what has ended can be run again. */
export function requireFinal({ status }: Run): void {
  if (isFinal(status)) return;
  throw new JobschedError('run_not_finished', `the run is ${status}; only a finished one can be run again`, {
    hint: 'To run the job beside it, run the job with {"force": true}.',
  });
}
