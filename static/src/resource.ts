/**
 * Something fetched that stays fresh: fetched at once, again whenever a relevant change is told, and never twice at a
 * time. While it is fetched anew, and when that fails, what was there before stays.
 *
 *   loading ──► fresh ⇄ refreshing          loading ──► failed (error, no value)
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ApiError } from './api/request.ts';
import { awaySince, onChange, type Change } from './live/live.ts';

/** At most so often is the same thing fetched anew, however fast it changes. */
const REST_MS = 250;

export interface Resource<Value> {
  readonly value: ReadonlySignal<Value | null>;
  /** Why the newest fetch failed; null when it did not. */
  readonly error: ReadonlySignal<ApiError | null>;
  /** Fetches again, now or right after the fetch that is under way. */
  readonly refresh: () => void;
  /** Shows something newer that an action answered, until the next fetch. */
  readonly put: (value: Value) => void;
}

interface Managed<Value> extends Resource<Value> {
  readonly start: () => () => void;
}

/**
 * A resource for as long as the component is shown.
 * @param key what it is of: another key is another resource.
 * @param load fetches it.
 * @param concerns whether a change calls for a new look.
 */
export function useResource<Value>(
  key: string,
  load: (signal: AbortSignal) => Promise<Value>,
  concerns: (change: Change) => boolean,
): Resource<Value> {
  const resource = useMemo(() => createResource(load, concerns), [key]);
  useEffect(() => resource.start(), [resource]);
  return resource;
}

export function createResource<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  concerns: (change: Change) => boolean,
): Managed<Value> {
  const value = signal<Value | null>(null);
  const error = signal<ApiError | null>(null);
  let abort: AbortController | null = null;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function fetchNow(): Promise<void> {
    const mine = (abort = new AbortController());
    again = false;
    try {
      const loaded = await load(mine.signal);
      if (!mine.signal.aborted) [value.value, error.value] = [loaded, null];
    } catch (cause) {
      if (!mine.signal.aborted) error.value = cause as ApiError;
    }
    if (mine.signal.aborted) return;
    abort = null;
    if (again) schedule(REST_MS);
  }

  function schedule(delay: number): void {
    if (abort !== null) again = true;
    else timer ??= setTimeout(fetchWhenDue, delay);
  }

  function fetchWhenDue(): void {
    timer = undefined;
    void fetchNow();
  }

  function start(): () => void {
    void fetchNow();
    const unsubscribe = onChange((changes) => {
      if (changes === null || changes.some(concerns)) schedule(0);
    });
    const retrying = retryWhileFailed(error, () => schedule(0));
    return () => {
      unsubscribe();
      retrying();
      clearTimeout(timer);
      timer = undefined;
      abort?.abort();
      abort = null;
    };
  }

  return { value, error, start, refresh: () => schedule(0), put: (next) => (value.value = next) };
}

/** A fetch that failed while the events go on (a restart just at that moment, say) is tried again by itself. */
function retryWhileFailed(error: ReadonlySignal<ApiError | null>, retry: () => void): () => void {
  const every = setInterval(() => {
    const status = error.value?.status;
    if (awaySince.value === null && status !== undefined && (status === 0 || status >= 500)) retry();
  }, 3_000);
  return () => clearInterval(every);
}
