import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createClient, type OutputEvent } from './client.ts';
import { followFrames } from './output.ts';
import { createTransport, type Transport } from './transport.ts';
import { fakeServer, json, stream, type Answer, type FakeServer } from '../../test/support/fake-server.ts';

const at = '2026-11-23T13:35:06.000Z';
const attempt = (number: number): object => ({ kind: 'attempt', attempt: number });
const wrote = (offset: number, text: string): object => ({
  kind: 'output',
  attempt: 1,
  offset,
  stream: 'stdout',
  at,
  text,
});
const end = (offset: number, complete: boolean): object => ({
  kind: 'end',
  attempt: 1,
  offset,
  complete,
  status: complete ? 'succeeded' : 'running',
});
const lines = (...objects: readonly object[]): string => objects.map((line) => `${JSON.stringify(line)}\n`).join('');

async function follow(server: FakeServer): Promise<readonly OutputEvent[]> {
  const client = createClient({ server: server.url });
  try {
    return await Array.fromAsync(client.runs.follow('x#1'));
  } finally {
    await client.close();
  }
}

const textOf = (events: readonly OutputEvent[]): string =>
  events.map((event) => (event.kind === 'output' ? Buffer.from(event.bytes).toString() : `<${event.kind}>`)).join('');

const answer = (...objects: readonly object[]): Answer => stream(lines(...objects), 'end');

describe('following', () => {
  test('a run to its end', async () => {
    await using server = await fakeServer(answer(attempt(1), wrote(0, 'a'), wrote(1, 'b'), end(2, true)));
    expect(textOf(await follow(server))).toBe('<attempt>ab<end>');
    expect(server.seen[0]?.url).toBe('/api/runs/x%231/output?follow=true&format=frames');
  });

  test('goes on where a connection broke, nothing twice and nothing left out', async () => {
    await using server = await fakeServer(
      stream(lines(attempt(1), wrote(0, 'äb')), 'break'),
      answer(attempt(1), wrote(3, 'c'), end(4, true)),
    );
    expect(textOf(await follow(server))).toBe('<attempt>äbc<end>');
    expect(server.seen[1]?.url).toBe('/api/runs/x%231/output?offset=3&from_attempt=1&follow=true&format=frames');
  });

  test('goes on when a stopping server says that there is more', async () => {
    await using server = await fakeServer(
      answer(attempt(1), wrote(0, 'a'), end(1, false)),
      answer(attempt(1), wrote(1, 'b'), end(2, true)),
    );
    expect(textOf(await follow(server))).toBe('<attempt>ab<end>');
  });

  test('tells of what was not kept, and goes on behind it', async () => {
    await using server = await fakeServer(
      stream(lines(attempt(1), { kind: 'dropped', attempt: 1, offset: 0, bytes: 9 }, wrote(9, 'z')), 'break'),
      answer(attempt(1), end(10, true)),
    );
    expect(textOf(await follow(server))).toBe('<attempt><dropped>z<end>');
    expect(server.seen[1]?.url).toContain('offset=10');
  });

  test('begins anew with the next attempt', async () => {
    await using server = await fakeServer(
      stream(lines(attempt(1), wrote(0, 'a'), attempt(2)), 'break'),
      answer(attempt(2), { ...wrote(0, 'b'), attempt: 2 }, { ...end(1, true), attempt: 2 }),
    );
    expect(textOf(await follow(server))).toBe('<attempt>a<attempt>b<end>');
    expect(server.seen[1]?.url).toContain('offset=0&from_attempt=2');
  });

  test('of one attempt alone stays with that', async () => {
    await using server = await fakeServer(
      stream(lines(attempt(1), wrote(0, 'a')), 'break'),
      answer(attempt(1), end(1, true)),
    );
    const client = createClient({ server: server.url });
    expect(textOf(await Array.fromAsync(client.runs.follow('x#1', { attempt: 1 })))).toBe('<attempt>a<end>');
    expect(server.seen[1]?.url).toContain('attempt=1&offset=1&follow');
    await client.close();
  });

  test('goes on when the server is stopping or has too many streams for a moment', async () => {
    await using server = await fakeServer(
      stream(lines(attempt(1)), 'break'),
      json({ code: 'shutting_down', detail: 'stopping' }, 503),
      json({ code: 'too_many_requests', detail: 'too many streams' }, 429),
      answer(attempt(1), wrote(0, 'a'), end(1, true)),
    );
    expect(textOf(await follow(server))).toBe('<attempt>a<end>');
  });

  test('ends with what the server refuses', async () => {
    await using server = await fakeServer(
      stream(lines(attempt(1)), 'break'),
      json({ code: 'not_found', detail: 'the run is gone' }, 404),
    );
    await expect(follow(server)).rejects.toThrow('the run is gone');
  });
});

describe('following a stream that is always lost', () => {
  /** @returns how many streams were asked for before it gave up. */
  async function giveUp(lose: Answer, again: readonly number[]): Promise<number> {
    await using server = await fakeServer(lose);
    const transport = createTransport({
      server: new URL(server.url),
      key: null,
      timeoutMs: 5_000,
      connectTimeoutMs: 5_000,
      waitMs: 0,
    });
    const events = followFrames(transport, 'x#1', {}, { again, steadyMs: 60_000 });
    await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'server_unreachable' });
    await transport.close();
    return server.seen.length;
  }

  test.each<[string, Answer]>([
    ['by breaks', stream(lines(attempt(1)), 'break')],
    ['by ends that a proxy makes', stream(lines(attempt(1)), 'end')],
    ['by ends that say nothing new', answer(attempt(1), end(0, false))],
    ['before it begins', stream('', 'end')],
  ])('%s ends after so many tries', async (_, lose) => {
    expect(await giveUp(lose, [0, 0, 0])).toBe(4);
  });

  test('unless each stood for a while, as a silent run’s does behind a proxy', async () => {
    const transport = createTransport({
      server: new URL('http://localhost'),
      key: null,
      timeoutMs: 1,
      connectTimeoutMs: 1,
      waitMs: 0,
    });
    let streams = 0;
    const silent: Transport = {
      ...transport,
      stream: async () => {
        streams += 1;
        return { headers: {}, body: streams === 5 ? bytes(attempt(1), end(0, true)) : bytesAfter(20) };
      },
    };
    const events = await Array.fromAsync(followFrames(silent, 'x#1', {}, { again: [0], steadyMs: 1 }));
    expect(textOf(events)).toBe('<attempt><end>');
  });
});

async function* bytes(...objects: readonly object[]): AsyncGenerator<Buffer> {
  yield Buffer.from(lines(...objects));
}

/** Nothing, for so long. */
async function* bytesAfter(pauseMs: number): AsyncGenerator<Buffer> {
  await setTimeout(pauseMs);
  yield Buffer.alloc(0);
}

test('bytes that are no UTF-8 come as they were written', async () => {
  const piece64 = { ...wrote(0, ''), text: undefined, base64: '/wD+' };
  await using server = await fakeServer(answer(attempt(1), piece64, end(3, true)));
  const [, piece] = await follow(server);
  expect(piece).toMatchObject({ kind: 'output', bytes: Buffer.from([0xff, 0x00, 0xfe]) });
});
