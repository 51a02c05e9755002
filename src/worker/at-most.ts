/** Waiting, but not for ever. */
import { DAY, type Millis } from '../domain/instant.ts';

/** Resolves when the promise is settled, when `signal` aborts, or after so long. Never rejects. */
export async function atMost(ms: Millis, promise: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(ms, DAY));
  const onAbort = (): void => resolve();
  signal?.addEventListener('abort', onAbort);
  promise.then(onAbort, onAbort);
  await enough;
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
}

/** Resolves after so long, or when `signal` aborts. Never rejects. */
export function pause(ms: Millis, signal: AbortSignal): Promise<void> {
  return atMost(ms, new Promise(() => {}), signal);
}
