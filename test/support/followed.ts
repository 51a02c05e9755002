/** Replicas that have what their master has. */
import { Redis } from 'ioredis';

/**
 * Resolves when a replica of this master has all that it has. A master that never had one counts a new one before that has
 * loaded anything: only what is written after that is waited for.
 */
export async function untilFollowed({ url }: { readonly url: string }): Promise<void> {
  const redis = new Redis(url);
  try {
    for (let written = 0; written < 2; written++) {
      do await redis.publish('nobody', 'hears it');
      while ((await redis.wait(1, 1_000)) === 0);
    }
  } finally {
    redis.disconnect();
  }
}
