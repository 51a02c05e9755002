/** Whether there is any key that is valid: one that has expired is none. */
import type { Store } from '../../store/store.ts';

export async function hasKeys(store: Pick<Store, 'keys' | 'now'>): Promise<boolean> {
  const [keys, now] = await Promise.all([store.keys(), store.now()]);
  return keys.some(({ expiresAt }) => expiresAt === null || expiresAt > now);
}
