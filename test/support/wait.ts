/** Waiting for what a store tells, never for time. */
import type { Hint, Hints } from '../../src/store/store.ts';

/** A wait that takes longer has failed. It is no delay: a passing test never gets near it. */
const PATIENCE_MS = 10_000;

/**
 * Asks `read` now and whenever the store hints that something changed, until it gives something other than null.
 *
 * @throws Error naming `what` when nothing came in 10 s.
 */
export async function eventually<T>(store: Hints, what: string, read: () => Promise<T | null>): Promise<T> {
  const signals = collectHints(store);
  try {
    for (;;) {
      const value = await read();
      if (value !== null) return value;
      await within(PATIENCE_MS, signals.next(), () => `waited in vain for ${what}`);
    }
  } finally {
    signals.end();
  }
}

/** The hints that come while `act` is under way. */
export async function hintsOf(store: Hints, act: () => Promise<unknown>): Promise<Hint[]> {
  const seen: Hint[] = [];
  const end = store.subscribe((hint) => void seen.push(hint));
  try {
    await act();
    return seen;
  } finally {
    end();
  }
}

/** @throws Error with `message` when the promise is not settled in time. */
export async function within<T>(ms: number, promise: Promise<T>, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message())), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Remembers a hint that comes while nobody waits, so that none is missed between a look and the next wait. */
function collectHints(store: Hints): { next(): Promise<void>; end(): void } {
  let missed = false;
  let wake: (() => void) | null = null;
  const end = store.subscribe(() => {
    missed = true;
    wake?.();
  });
  const next = async (): Promise<void> => {
    if (!missed) await new Promise<void>((resolve) => (wake = resolve));
    missed = false;
  };
  return { next, end };
}
