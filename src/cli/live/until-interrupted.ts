/** Work that goes on until somebody ends it, as `--watch` and `top`. */
import { EXIT } from '../exit-code.ts';

/**
 * Ctrl-C aborts what the work is given, so that it comes to its end; a second one ends the process, should it not. What
 * the work leaves going when it is done ends with it: nothing holds the process.
 */
export async function untilInterrupted<Result>(work: (stop: AbortController) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const interrupt = (): void => {
    // oxlint-disable-next-line unicorn/no-process-exit -- who says so twice waits for nothing
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  try {
    return await work(stop);
  } finally {
    process.off('SIGINT', interrupt);
    stop.abort();
  }
}

/** @returns null once the signal says so, whatever the work is waiting for. */
export async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | null> {
  const aborted = Promise.withResolvers<null>();
  const end = (): void => aborted.resolve(null);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
