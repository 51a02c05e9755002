/** Waiting for something that a server shows, by its events, never by time. */
import type { Client } from '../../src/client/client.ts';

/**
 * Looks once the events are told, and again whenever something has changed, until `look` gives something other than
 * null. Changes that come while it looks are one reason to look again, however many they are.
 */
export async function untilSeen<T>(client: Client, look: () => Promise<T | null>): Promise<T> {
  const done = new AbortController();
  let news = Promise.withResolvers<void>();
  const listening = (async () => {
    for await (const _event of client.events({ signal: done.signal })) news.resolve();
  })();
  try {
    for (;;) {
      await Promise.race([news.promise, listening]);
      news = Promise.withResolvers<void>();
      const seen = await look();
      if (seen !== null) return seen;
    }
  } finally {
    done.abort();
    await listening.catch(() => undefined);
  }
}
