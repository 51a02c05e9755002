import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Changes } from '../../store/views.ts';
import type { App } from '../app.ts';
import { openEvents } from './event-stream.ts';

/** As much of a response as a stream of events needs; `waiting` is what the client has not read. */
function fakeResponse(): { text: string; waiting: number; destroyed: boolean } & ServerResponse {
  const fake = {
    text: '',
    waiting: 0,
    destroyed: false,
    get writableLength() {
      return fake.waiting;
    },
    write: (text: string) => {
      fake.text += text;
      return true;
    },
    destroy: () => {
      fake.destroyed = true;
    },
    end: () => undefined,
  };
  return fake as unknown as { text: string; waiting: number; destroyed: boolean } & ServerResponse;
}

const change = (id: number): Changes => ({ changes: [{ id, kind: 'run', ref: `r${id}` }], next: id, gap: false });
const NOTHING: Changes = { changes: [], next: 0, gap: false };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store whose answers the test gives, and a feed that it speaks for. */
function setUp() {
  const asked: { readonly since: number | null; readonly answer: (changes: Changes) => void }[] = [];
  let watcher: (batch: Changes) => void = () => undefined;
  const app = {
    limits: { eventHeartbeatMs: 60_000, eventBufferBytes: 100 },
    store: { changes: (since: number | null) => new Promise((resolve) => asked.push({ since, answer: resolve })) },
    changes: {
      watch: async (heard: (batch: Changes) => void) => {
        watcher = heard;
        return { position: 5, end: () => undefined };
      },
    },
  } as unknown as App;
  const gone = new AbortController();
  const response = fakeResponse();
  const start = (lastSeen: number | null): Promise<void> =>
    openEvents(app, lastSeen).then((stream) => stream.write(response, gone.signal));
  return { asked, tell: (batch: Changes) => watcher(batch), gone, response, start };
}

const idsOf = (text: string): number[] => [...text.matchAll(/id: (\d+)\nevent: change/g)].map(([, id]) => Number(id));

describe('a stream of events', () => {
  it('misses nothing that comes while it catches up, and tells nothing twice', async () => {
    const { asked, tell, gone, response, start } = setUp();
    const done = start(3);
    await settled();
    tell(change(6));
    asked[0]?.answer(NOTHING);
    await settled();
    expect(asked.map(({ since }) => since)).toEqual([3, 3]);
    asked[1]?.answer({ changes: [...change(4).changes, ...change(6).changes], next: 6, gap: false });
    await settled();
    asked[2]?.answer(NOTHING);
    await settled();
    tell(change(6));
    tell(change(7));
    gone.abort();
    await done;
    expect(idsOf(response.text)).toEqual([4, 6, 7]);
  });

  it('drops a client that does not read', async () => {
    const { asked, tell, gone, response, start } = setUp();
    const done = start(null);
    await settled();
    asked[0]?.answer(NOTHING);
    await settled();
    tell(change(6));
    expect(response.destroyed).toBe(false);
    response.waiting = 101;
    tell(change(7));
    expect(response.destroyed).toBe(true);
    tell(change(8));
    gone.abort();
    await done;
    expect(idsOf(response.text)).toEqual([6, 7]);
  });
});
