/** Whether there is any key: until there is, this machine's own user is the only one who could make one. */
import type { Millis } from '../../domain/instant.ts';
import type { Store } from '../../store/store.ts';
import { KNOWN_FOR } from './known-keys.ts';

/** One that has expired is none. */
export async function hasKeys(store: Pick<Store, 'keys' | 'now'>): Promise<boolean> {
  const [keys, now] = await Promise.all([store.keys(), store.now()]);
  return keys.some(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

/** Asks anew when its answer is older than answers are believed. What fails is not remembered. */
export function rememberBriefly<T>(ask: () => Promise<T>, monotonic: () => Millis): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let until = 0;
  return () => {
    if (answer !== null && monotonic() < until) return answer;
    const asked = ask();
    answer = asked;
    until = monotonic() + KNOWN_FOR;
    asked.catch(() => (answer = null));
    return asked;
  };
}
