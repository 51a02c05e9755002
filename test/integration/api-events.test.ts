import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeEvent } from '../../src/http/schema/system.ts';
import { JobschedError } from '../../src/errors.ts';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { Store } from '../../src/store/store.ts';
import { overridden, startApi, type Api } from '../support/api.ts';
import { within } from '../support/wait.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi({ limits: { streams: 3, eventHeartbeatMs: 20 } });
});
afterEach(() => api[Symbol.asyncDispose]());

interface Event {
  readonly id: string | null;
  readonly event: string | null;
  readonly data: string | null;
}

interface Watch {
  readonly events: Event[];
  readonly comments: () => number;
  /** The first event from now on, or seen already, that fits. */
  until(fits: (event: Event) => boolean): Promise<Event>;
  readonly ended: Promise<void>;
  close(): void;
}

async function watch(lastEventId?: string, query = ''): Promise<Watch> {
  const response = await api.open(
    `/api/events${query}`,
    lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  );
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${await response.body.text()}`);
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  const events: Event[] = [];
  let comments = 0;
  let wake: () => void = () => undefined;
  const ended = (async () => {
    let rest = '';
    for await (const piece of response.body as AsyncIterable<Buffer>) {
      const blocks = (rest + piece.toString()).split('\n\n');
      rest = blocks.pop() ?? '';
      comments += blocks.filter((block) => block.startsWith(':')).length;
      events.push(...blocks.filter((block) => !block.startsWith(':')).map(parse));
      wake();
    }
  })().catch(() => undefined);
  const until: Watch['until'] = async (fits) => {
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found;
      const more = new Promise<void>((resolve) => (wake = resolve));
      await within(10_000, more, () => `waited in vain among ${JSON.stringify(events)}`);
    }
  };
  // What has begun is waited for: the first block says where the stream stands.
  await until(() => true);
  return { events, comments: () => comments, until, ended, close: () => response.body.destroy() };
}

function parse(block: string): Event {
  const field = (name: string): string | null => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
  return { id: field('id'), event: field('event'), data: field('data') };
}

const make = async (): Promise<JobView> =>
  (await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } })).body;

const about = (id: string) => (event: Event) => event.data?.includes(id) ?? false;

describe('events', () => {
  it('tell everyone what changes, as it changes', async () => {
    const both = [await watch(), await watch()];
    const job = await make();
    for (const one of both) {
      const event = await one.until(about(job.id));
      expect(event.event).toBe('change');
      expect(Number(event.id)).toBeGreaterThan(0);
      changeEvent.parse(JSON.parse(event.data ?? ''));
      one.close();
    }
  });

  it('tell a client that comes back what it missed, and nothing twice', async () => {
    const first = await watch();
    const before = await make();
    const last = await first.until(about(before.id));
    first.close();
    const missed = await make();
    const second = await watch(last.id ?? '');
    await second.until(about(missed.id));
    const later = await make();
    await second.until(about(later.id));
    const ids = second.events.flatMap(({ id, event }) => (event === 'change' ? [Number(id)] : []));
    expect(ids).toEqual([...new Set(ids)].toSorted((one, other) => one - other));
    expect(second.events.some(({ id, event }) => event === 'change' && Number(id) <= Number(last.id))).toBe(false);
  });

  it('say so when what was missed is forgotten, or of another installation', async () => {
    await make();
    const stranger = await watch('999999');
    expect(await stranger.until(({ event }) => event === 'reset')).toMatchObject({ data: '{}' });
    const job = await make();
    await stranger.until(about(job.id));
  });

  it('are only those that are asked for', async () => {
    const [one, other] = [await make(), await make()];
    const watches = [await watch(undefined, '?kind=job'), await watch(undefined, `?job=${one.id}`)];
    for (const { id } of [other, one]) await api.call('POST', `/api/jobs/${id}/cancel`);
    await Promise.all(watches.map((each) => each.until(about(one.id))));
    const third = await make();
    await watches[0]?.until(about(third.id));
    const [jobs = [], ofOne = []] = watches.map(({ events }) =>
      events.flatMap(({ event, data }) => (event === 'change' ? [changeEvent.parse(JSON.parse(data ?? ''))] : [])),
    );
    expect(new Set(jobs.map(({ kind }) => kind))).toEqual(new Set(['job']));
    expect(ofOne.map(({ id }) => id.slice(0, 36))).toEqual(ofOne.map(() => one.id));
    expect(new Set(ofOne.map(({ kind }) => kind))).toEqual(new Set(['job', 'run']));
    for (const [query, status] of [
      ['?kind=cat', 400],
      ['?job=nobody', 404],
    ] as const) {
      expect(await api.fail('GET', `/api/events${query}`)).toMatchObject({ status });
    }
  });

  it('show that the connection lives', async () => {
    const one = await watch();
    await make();
    await one.until(({ event }) => event === 'change');
    while (one.comments() < 2) await within(5_000, new Promise(setImmediate), () => 'no sign of life');
  });

  it('refuse ids that are none, and more clients than are served', async () => {
    expect(await api.fail('GET', '/api/events', { headers: { 'last-event-id': 'x' } })).toMatchObject({ status: 400 });
    const open = [await watch(), await watch(), await watch()];
    expect(await api.fail('GET', '/api/events')).toMatchObject({ status: 429, code: 'too_many_requests' });
    const { body: job } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } });
    const output = await Promise.all([1, 2, 3].map(() => api.open(`/api/runs/${job.id}.1/output?follow`)));
    expect(output.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(await api.fail('GET', `/api/runs/${job.id}.1/output?follow`)).toMatchObject({ status: 429 });
    expect((await api.call('GET', `/api/runs/${job.id}.1/output`)).status).toBe(200);
    for (const { body } of output) body.on('error', () => undefined).destroy();
    open[0]?.close();
    await within(
      5_000,
      retry(() => watch()),
      () => 'no place became free',
    );
  });

  it('are refused when the store does not answer, and nothing is left behind', async () => {
    const gone = new JobschedError('engine_unavailable', 'the engine is away');
    await using away = await startApi({
      limits: { eventHeartbeatMs: 5, streams: 1 },
      wrapStore: (store) => overridden(store, { changes: () => Promise.reject(gone) }),
    });
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    for (let tries = 0; tries < 50; tries += 1) {
      expect(await away.fail('GET', '/api/events')).toMatchObject({ status: 503, code: 'engine_unavailable' });
    }
    expect(timers()).toBeLessThan(before + 25);
  });

  it('end when the server stops', async () => {
    const one = await watch();
    await api.server.stop();
    await within(5_000, one.ended, () => 'the stream went on');
  });
});

describe('a gap', () => {
  it('is told as a reset', async () => {
    let forget = false;
    const forgetful = (store: Store): Store =>
      overridden(store, {
        changes: async (since) => ({ ...(await store.changes(since)), gap: forget && since !== null }),
      });
    await using other = await startApi({ wrapStore: forgetful });
    const mine = api;
    api = other;
    const one = await watch();
    forget = true;
    await make();
    await one.until(({ event }) => event === 'reset');
    one.close();
    api = mine;
  });
});

async function retry<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch {
      await new Promise(setImmediate);
    }
  }
}
