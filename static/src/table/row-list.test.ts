import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from '../live/live.ts';
import { LiveRows, type RowPage } from './row-list.ts';

interface Row {
  readonly id: string;
  readonly seen: number;
}

/** Rows in the order of their numbers, the highest first, by the hundred; what is held answers when it is let go. */
class Server {
  readonly held: (() => void)[] = [];
  newest = 400;
  /** Rows that the filter does not let through any more. */
  refuse: (id: number) => boolean = () => false;
  #hold: (what: string) => boolean = () => false;
  #asked = 0;
  #listener: Listener = () => {};

  readonly list = new LiveRows<Row>(
    {
      page: ({ cursor, limit }) => {
        this.#asked++;
        const from = cursor === null ? this.newest : Number(cursor);
        const count = Math.min(limit, from);
        const all = Array.from({ length: count }, (_, index) => ({ id: String(from - index), seen: this.#asked }));
        const rows = all.filter(({ id }) => !this.refuse(Number(id)));
        const page: RowPage<Row> = { rows, next: from > count ? String(from - count) : null };
        return this.#answer(`page ${cursor}`, page);
      },
      one: (id) => this.#answer(`one ${id}`, { id, seen: ++this.#asked }),
      rowOf: ({ id }) => id,
    },
    (listener) => {
      this.#listener = listener;
      return () => {};
    },
  );

  /** Keeps the answers to these back. */
  hold(...what: string[]): void {
    this.#hold = (one) => what.includes(one);
  }

  async change(id: string): Promise<void> {
    this.#listener([{ kind: 'run', id }]);
    await vi.advanceTimersByTimeAsync(500);
  }

  async more(): Promise<void> {
    this.list.loadMore();
    await vi.advanceTimersByTimeAsync(0);
  }

  async letGo(): Promise<void> {
    for (const answer of this.held.splice(0)) answer();
    await vi.advanceTimersByTimeAsync(0);
  }

  get ids(): readonly number[] {
    return (this.list.rows.value ?? []).map(({ id }) => Number(id));
  }

  async #answer<Answer>(what: string, answer: Answer): Promise<Answer> {
    if (this.#hold(what)) await new Promise<void>((resolve) => this.held.push(resolve));
    return answer;
  }
}

const down = (from: number, to: number): readonly number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function scrolled(pages: number): Promise<{ readonly server: Server } & Disposable> {
  const server = new Server();
  const stop = server.list.start();
  await vi.advanceTimersByTimeAsync(0);
  for (let page = 1; page < pages; page++) await server.more();
  return { server, [Symbol.dispose]: stop };
}

test('a page that comes while a changed row is looked at stays', async () => {
  using open = await scrolled(2);
  const { server } = open;
  server.hold('one 250');
  await server.change('250');
  await server.more();
  expect(server.ids).toEqual(down(400, 101));
  await server.letGo();
  expect(server.ids).toEqual(down(400, 101));
  await server.more();
  expect(server.ids).toEqual(down(400, 1));
  const seen = new Map(server.list.rows.value?.map((row) => [row.id, row.seen]));
  expect(seen.get('250')).toBeGreaterThan(seen.get('251') ?? 0);
});

test('a page of rows that others have taken the place of is not put behind those, but the one that comes next is', async () => {
  using open = await scrolled(2);
  const { server } = open;
  server.hold('page 200');
  await server.more();
  server.newest = 600;
  await server.change('600');
  expect(server.ids).toEqual(down(600, 501));
  await server.letGo();
  expect(server.ids).toEqual(down(600, 401));
});

test('when none of the rows is left, it goes on after those that took their place, however few these are', async () => {
  using open = await scrolled(3);
  const { server } = open;
  server.newest = 60;
  server.refuse = (id) => id > 40;
  await server.change('60');
  expect(server.ids).toEqual(down(40, 1));
  expect(server.list.more.value).toBe(false);
});

test('the last rows leave the list too', async () => {
  using open = await scrolled(4);
  const { server } = open;
  server.refuse = (id) => id < 390;
  await server.change('1');
  expect(server.ids).toEqual(down(400, 390));
});
