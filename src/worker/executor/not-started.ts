/** The execution of a command that could not be started. */
import type { Execution } from './executor.ts';

export function notStarted(detail: string | Promise<string>): Execution {
  return {
    started: Promise.resolve(null),
    ended: Promise.resolve(detail).then((words) => ({
      outcome: { status: 'failed', reason: 'spawn', detail: words },
      durationMs: 0,
      left: [],
    })),
    stop: () => {},
  };
}
