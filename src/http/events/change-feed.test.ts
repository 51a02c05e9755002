import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Hint } from '../../store/store.ts';
import type { Changes } from '../../store/views.ts';
import { createChangeFeed } from './change-feed.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the feed of changes', () => {
  it('asks once for many hints and many watchers, and not at all for none', async () => {
    let hint: (hint: Hint) => void = () => undefined;
    const asked: (number | null)[] = [];
    let newest = 5;
    const store = {
      subscribe: (listener: typeof hint) => {
        hint = listener;
        return () => undefined;
      },
      changes: async (since: number | null): Promise<Changes> => {
        asked.push(since);
        const from = since ?? newest;
        const ids = Array.from({ length: newest - from }, (_, index) => from + index + 1);
        return { changes: ids.map((id) => ({ id, kind: 'run', ref: `r${id}` })), next: newest, gap: false };
      },
    };
    const feed = createChangeFeed(store, pino({ level: 'silent' }));
    hint({ kind: 'change' });
    await settled();
    expect(asked).toEqual([]);

    const seen: number[][] = [[], []];
    const watches = await Promise.all(
      seen.map((ids) => feed.watch((batch) => ids.push(...batch.changes.map(({ id }) => id)))),
    );
    newest = 8;
    for (let times = 0; times < 100; times += 1) hint({ kind: 'change' });
    await settled();
    expect(seen).toEqual([
      [6, 7, 8],
      [6, 7, 8],
    ]);
    expect(asked).toEqual([null, 5, 8]);
    for (const watch of watches) watch.end();
    hint({ kind: 'change' });
    await settled();
    expect(asked).toHaveLength(3);
    feed.stop();
  });
});
