import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundTo } from './bound.ts';
import { createClient, type ServerEvent } from './client.ts';
import { messages } from './events.ts';
import { lines } from './lines.ts';
import { createTransport } from './transport.ts';
import { fakeServer, json, stream } from '../../test/support/fake-server.ts';

async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const place of [...places.map((each) => each % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)) {
    yield bytes.subarray(from, place);
    from = place;
  }
}

test('lines are the same wherever the bytes are cut', async () => {
  const text = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll(/[\r\n]/g, '')));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat()), fc.constantFrom('\n', '\r\n'), async (wanted, places, ending) => {
      const bytes = Buffer.from(wanted.map((line) => line.toWellFormed() + ending).join(''));
      const got = await Array.fromAsync(lines(cut(bytes, places)));
      expect(got).toEqual(wanted.map((line) => line.toWellFormed()));
    }),
  );
});

describe('messages', () => {
  const read = (text: string): Promise<unknown[]> =>
    Array.fromAsync(messages(lines(cut(Buffer.from(text), []))), ({ id, event, data }) => [id, event, data]);

  test.each([
    ['id: 7\nevent: change\ndata: {"a":1}\n\n', [['7', 'change', '{"a":1}']]],
    ['data: one\ndata: two\n\n', [[null, 'message', 'one\ntwo']]],
    ['data:tight\n\n', [[null, 'message', 'tight']]],
    [': a comment\n\n: another\n\n', []],
    ['retry: 1000\ndata\n\n', [[null, 'message', '']]],
    ['data: cut off', []],
    ['id: 7\n\n', [['7', 'message', null]]],
  ])('%j', async (text, expected) => expect(await read(text)).toEqual(expected));
});

describe('events', () => {
  const change = (id: number): string => `id: ${id}\nevent: change\ndata: {"kind":"job","id":"job-${id}"}\n\n`;

  async function take(url: string, count: number): Promise<readonly ServerEvent[]> {
    const client = createClient({ server: url });
    const seen: ServerEvent[] = [];
    try {
      for await (const event of client.events()) if (seen.push(event) === count) break;
      return seen;
    } finally {
      await client.close();
    }
  }

  test('come again after a break, from the last one that was seen', async () => {
    await using server = await fakeServer(stream(change(1) + change(2), 'break'), stream(change(3), 'stay'));
    const told = (id: number): ServerEvent => ({ event: 'change', kind: 'job', id: `job-${id}` });
    expect(await take(server.url, 5)).toEqual([{ event: 'open' }, told(1), told(2), { event: 'open' }, told(3)]);
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
  });

  test('come again when the server has too many streams for a moment', async () => {
    await using server = await fakeServer(
      stream(change(1), 'break'),
      json({ code: 'too_many_requests', detail: 'too many streams' }, 429),
      stream(change(2), 'stay'),
    );
    expect((await take(server.url, 4)).at(-1)).toMatchObject({ id: 'job-2' });
  });

  test('a place that the server names before the first event is kept as well', async () => {
    await using server = await fakeServer(stream('retry: 2000\nid: 41\n\n', 'break'), stream(change(42), 'stay'));
    const job = { event: 'change', kind: 'job', id: 'job-42' };
    expect(await take(server.url, 3)).toEqual([{ event: 'open' }, { event: 'open' }, job]);
    expect(server.seen[1]?.headers['last-event-id']).toBe('41');
  });

  test('a reset tells to look at everything anew', async () => {
    await using server = await fakeServer(stream('event: reset\ndata: {}\n\n', 'stay'));
    expect(await take(server.url, 2)).toEqual([{ event: 'open' }, { event: 'reset' }]);
  });

  test('a server that refuses at the first is no server to wait for', async () => {
    await using server = await fakeServer(json({ code: 'local_user_only', detail: 'not you' }, 403));
    await expect(take(server.url, 1)).rejects.toThrow('not you');
  });

  test('an abort ends them without an error', async () => {
    await using server = await fakeServer(stream(change(1), 'stay'));
    const client = createClient({ server: server.url });
    const stop = new AbortController();
    const seen: ServerEvent[] = [];
    for await (const event of client.events({ signal: stop.signal })) {
      seen.push(event);
      stop.abort();
    }
    expect(seen).toHaveLength(1);
    await client.close();
  });

  test('a client that is closed takes them up no more, also while the server is away', async () => {
    const away = json({ code: 'shutting_down', detail: 'the server is stopping' }, 503);
    await using server = await fakeServer(stream(change(1), 'break'), (response, request) => {
      // Then it waits for its next try.
      response.socket?.once('close', () => void client.close());
      away(response, request);
    });
    const client = createClient({ server: server.url });
    await expect(Array.fromAsync(client.events())).rejects.toThrow('closed');
    expect(server.seen).toHaveLength(2);
  });

  test.each(['abort', 'close'])('a pause between two tries ends with an %s', async (how) => {
    const server = new URL('http://127.0.0.1:1');
    const transport = createTransport({ server, key: null, timeoutMs: 1, connectTimeoutMs: 1, waitMs: 0 });
    const stop = new AbortController();
    const bound = boundTo(transport, stop.signal);
    const pauses = Promise.allSettled([bound.pause(60_000), bound.pause(60_000, new AbortController().signal)]);
    if (how === 'abort') stop.abort();
    else await transport.close();
    expect((await pauses).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
