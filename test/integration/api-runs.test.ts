import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { outputLine, type OutputLine } from '../../src/http/schema/output.ts';
import type { RunDetail, RunList, RunView } from '../../src/http/schema/run-view.ts';
import type { TestWorker } from '../contract/test-worker.ts';
import { EXIT_1, KILLED } from '../contract/test-worker.ts';
import { overridden, startApi, type Api } from '../support/api.ts';
import { frame, testWorker } from '../support/api-worker.ts';
import { within } from '../support/wait.ts';

let api: Api;
let worker: TestWorker;
beforeAll(async () => {
  api = await startApi();
  worker = testWorker(api.store);
});
afterAll(() => api[Symbol.asyncDispose]());

let queues = 0;

/** A job in a queue of its own, so that no other test claims its runs. */
async function make(
  fields: object = {},
): Promise<{ readonly job: JobView; readonly run: string; readonly queue: string }> {
  queues += 1;
  const queue = `q${queues}`;
  const { body: job } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true', queue, ...fields } });
  return { job, run: `${job.id}.1`, queue };
}

const get = async (run: string): Promise<RunDetail> => (await api.call<RunDetail>('GET', `/api/runs/${run}`)).body;
const lines = (text: string): OutputLine[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => outputLine.parse(JSON.parse(line)));

describe('a run', () => {
  it('tells its whole life', async () => {
    const { job, run, queue } = await make({ name: 'life', retries: 1 });
    expect(await get(run)).toMatchObject({
      status: 'pending',
      waiting_for: `no worker serves queue ${queue}`,
      attempts: [],
    });

    await worker.heartbeat({ queues: [queue], concurrency: 2, running: 2 });
    expect((await get(run)).waiting_for).toBe('a free slot, 2 of 2 busy on web-1');

    const held = await worker.claimed([queue]);
    expect(await get('life%231')).toMatchObject({
      id: run,
      status: 'running',
      attempt: 1,
      waiting_for: null,
      worker: 'web-1',
    });
    await worker.retry(held, Date.now() + 3_600_000);
    expect((await get(run)).waiting_for).toMatch(/^its retry, 20/);

    const detail = await get(`${job.id.slice(0, 8)}%231`);
    expect(detail.attempts).toMatchObject([
      { number: 1, status: 'failed', reason: 'exit', exit_code: 1, job_version: 1 },
    ]);
  });

  it('says how many processes it left running, and which attempt did', async () => {
    const { run, queue } = await make({ retries: 1 });
    await worker.finish(await worker.claimed([queue]), EXIT_1, { retryAt: Date.now(), leftRunning: 2 });
    expect(await get(run)).toMatchObject({ left_running: 2, attempts: [{ left_running: 2 }] });
    await worker.finish(await worker.claimed([queue]));
    expect(await get(run)).toMatchObject({ left_running: 0, attempts: [{ left_running: 0 }, { left_running: 2 }] });
  });

  it('is found by its id or as people write it, or else named', async () => {
    const { job } = await make();
    for (const ref of ['nobody%231', `${job.id}.2`, `${job.id}.0`, 'x', '%23', `${job.id}%2399`]) {
      expect(await api.fail('GET', `/api/runs/${ref}`)).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  it('is listed, by filters', async () => {
    const { job, run, queue } = await make();
    await worker.finish(await worker.claimed([queue]), EXIT_1);
    const ids = async (query: string): Promise<string[]> =>
      (await api.call<RunList>('GET', `/api/runs?${query}`)).body.runs.map(({ id }) => id);
    expect(await ids(`job=${job.id}&status=failed&worker=web-1&queue=${queue}&since=2001-01-01T00:00:00Z`)).toEqual([
      run,
    ]);
    expect(await ids(`job=${job.id}&until=2001-01-01T00:00:00Z`)).toEqual([]);
    expect(await ids(`job=${job.id}&reason=exit,lost&trigger=submit&q=TRU`)).toEqual([run]);
    expect(await ids(`job=${job.id}&reason=timeout`)).toEqual([]);
    expect(await ids(`queue=${queue}&tag=nobody-has-this`)).toEqual([]);
    expect(await api.fail('GET', '/api/runs?reason=fate')).toMatchObject({ status: 400, field: 'reason[0]' });
    expect((await api.call<RunList>('GET', `/api/jobs/${job.id}/runs?status=failed`)).body.runs).toHaveLength(1);
    expect(await api.fail('GET', '/api/runs?job=nobody')).toMatchObject({ status: 404 });
    expect(await api.fail('GET', '/api/runs?since=yesterday')).toMatchObject({ status: 400, field: 'since' });
  });

  it('can be cancelled while it waits, and again', async () => {
    const { run } = await make();
    const first = await api.call<RunView>('POST', `/api/runs/${run}/cancel`);
    expect(first).toMatchObject({ status: 200, body: { status: 'cancelled', reason: 'requested' } });
    expect((await api.call<RunView>('POST', `/api/runs/${run}/cancel`)).status).toBe(200);
  });

  it('can be cancelled while it runs, and not when it has ended', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    const asked = await api.call<RunView>('POST', `/api/runs/${run}/cancel`);
    expect(asked).toMatchObject({ status: 202, body: { status: 'running', cancel_requested: true } });
    await worker.finish(held, KILLED);
    expect(await get(run)).toMatchObject({ status: 'cancelled', signal: 'SIGTERM' });

    const other = await make();
    await worker.finish(await worker.claimed([other.queue]));
    expect(await api.fail('POST', `/api/runs/${other.run}/cancel`)).toMatchObject({
      status: 409,
      code: 'run_finished',
    });
  });

  it('can be run again once it has ended', async () => {
    const { job, run, queue } = await make();
    expect(await api.fail('POST', `/api/runs/${run}/retry`)).toMatchObject({ status: 409, code: 'run_not_finished' });
    await worker.finish(await worker.claimed([queue]));
    const headers = { 'idempotency-key': 'again' };
    const again = await api.call<RunView>('POST', `/api/runs/${run}/retry`, { headers });
    expect(again).toMatchObject({ status: 201, body: { id: `${job.id}.2`, trigger: 'retry' } });
    const repeated = await api.call<RunView>('POST', `/api/runs/${run}/retry`, { headers });
    expect(repeated.body.id).toBe(again.body.id);
    expect(await api.fail('POST', `/api/jobs/${job.id}/run`, { headers })).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
    expect(await api.fail('POST', `/api/runs/${run}/retry`)).toMatchObject({ status: 409, code: 'overlap' });
  });
});

describe('a run with changes', () => {
  it('is one of a new once job, made of the version that the run executed', async () => {
    const { job, run, queue } = await make({
      name: 'changed',
      schedule: '@hourly',
      timezone: 'Europe/Berlin',
      env: { A: '1' },
      tags: ['kept'],
      description: 'Keeps things.',
    });
    await api.call('POST', `/api/jobs/${job.id}/run`);
    await worker.finish(await worker.claimed([queue]), EXIT_1);
    await api.call('PATCH', '/api/jobs/changed', { body: { command: 'false', env: { B: '2' } } });
    const headers = { 'idempotency-key': 'changed-1' };
    const body = { changes: { env: { C: '3' }, timeout_seconds: 5 } };
    const {
      status,
      body: made,
      headers: told,
    } = await api.call<RunView>('POST', `/api/runs/${run}/retry`, { body, headers });
    expect(status).toBe(201);
    expect(made).toMatchObject({ number: 1, trigger: 'submit', job_name: null, queue });
    expect(made.job_id).not.toBe(job.id);
    expect(told['location']).toBe(`/api/runs/${made.id}`);
    expect((await api.call<JobView>('GET', `/api/jobs/${made.job_id}`)).body).toMatchObject({
      type: 'once',
      schedule: '',
      name: null,
      description: 'Made from changed#1, with changes. Keeps things.',
      command: 'true',
      env: { C: '3' },
      tags: ['kept'],
      timeout_seconds: 5,
    });
    const again = await api.call<RunView>('POST', `/api/runs/${run}/retry`, { body, headers });
    expect(again).toMatchObject({ body: { id: made.id }, headers: { 'idempotency-replayed': 'true' } });

    // The same key and bytes for something else are another request.
    expect(await api.fail('POST', `/api/jobs/${job.id}/run`, { body, headers })).toMatchObject({
      code: 'idempotency_key_reused',
    });
    const now = await api.call<RunView>('POST', `/api/jobs/${job.id}/run`, {
      body: { changes: { name: 'once-only' } },
    });
    expect((await api.call<JobView>('GET', `/api/jobs/${now.body.job_id}`)).body).toMatchObject({
      name: 'once-only',
      description: 'Made from changed, with changes. Keeps things.',
      command: 'false',
      env: { B: '2' },
    });
    for (const [changes, field, code] of [
      [{ comand: 'x' }, 'changes.comand', 'invalid_request'],
      [{ schedule: '@hourly' }, 'changes.schedule', 'invalid_request'],
      [{ command: '' }, 'changes.command', 'invalid_request'],
      [{ on_lost: 'retry' }, 'changes.on_lost', 'invalid_request'],
      [{ name: 'once-only' }, 'changes.name', 'name_taken'],
    ] as const) {
      expect(await api.fail('POST', `/api/jobs/${job.id}/run`, { body: { changes } })).toMatchObject({ field, code });
    }
    for (let n = 0; n < 10; n += 1) await api.call('PATCH', `/api/jobs/${job.id}`, { body: { description: `${n}` } });
    expect(await api.fail('POST', `/api/runs/${run}/retry`, { body: { changes: {} } })).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what a job that is made with changes says of itself', () => {
  it.each<[string, object, object, string]>([
    ['', {}, {}, 'Made from NAME#1.'],
    ['Made from scratch.', {}, {}, 'Made from NAME#1. Made from scratch.'],
    ['Made from scratch. By hand.', {}, { priority: 3 }, 'Made from NAME#1, with changes. Made from scratch. By hand.'],
    ['Made from a#1. Keeps.', {}, {}, 'Made from NAME#1. Keeps.'],
    ['Made from a, with changes. Keeps.', {}, {}, 'Made from NAME#1. Keeps.'],
    ['Made from a#1. Keeps.', { schedule: '@hourly' }, {}, 'Made from NAME#1. Made from a#1. Keeps.'],
    ['Keeps.', {}, { description: 'Mine.' }, 'Mine.'],
  ])('%j of %j, with %j', async (description, fields, changes, expected) => {
    const { job, run, queue } = await make({ description, ...fields });
    if ('schedule' in fields) await api.call('POST', `/api/jobs/${job.id}/run`);
    await worker.finish(await worker.claimed([queue]), EXIT_1);
    const made = await api.call<RunView>('POST', `/api/runs/${run}/retry`, { body: { changes } });
    const { body } = await api.call<JobView>('GET', `/api/jobs/${made.body.job_id}`);
    expect(body.description).toBe(expected.replace('NAME', job.id.slice(0, 8)));
  });
});

describe('output', () => {
  it('is sent byte for byte, by stream or from an offset', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    const bytes = Buffer.from([0, 255, 10, 0x1b, 0x5b]);
    await worker.append(held, 0, frame(bytes), frame('oops\n', 'stderr'), frame('done'));
    await worker.finish(held);
    const response = await api.open(`/api/runs/${run}/output`);
    expect(response.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await response.body.arrayBuffer())).toEqual(Buffer.concat([bytes, Buffer.from('oops\ndone')]));
    expect((await api.call('GET', `/api/runs/${run}/output?stream=stderr`)).text).toBe('oops\n');
    expect((await api.call('GET', `/api/runs/${run}/output?offset=10`)).text).toBe('done');
    expect((await api.call('HEAD', `/api/runs/${run}/output`)).status).toBe(200);
  });

  it('as frames tells streams, times and where to read on', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    await worker.append(held, 0, frame('é'), frame(Buffer.from([0xc3]), 'stderr'));
    const { text, headers } = await api.call('GET', `/api/runs/${run}/output?format=frames`);
    expect(headers['content-type']).toBe('application/x-ndjson');
    const at = '2030-01-01T00:00:00.000Z';
    expect(lines(text)).toEqual([
      { kind: 'attempt', attempt: 1 },
      { kind: 'output', attempt: 1, offset: 0, stream: 'stdout', at, text: 'é' },
      { kind: 'output', attempt: 1, offset: 2, stream: 'stderr', at, base64: 'ww==' },
      { kind: 'end', attempt: 1, offset: 3, complete: false, status: 'running' },
    ]);
    await worker.finish(held);
  });

  it('of an attempt alone ends with it, and from an attempt on goes on over the next', async () => {
    const { run, queue } = await make({ retries: 1, retry_delay_seconds: 0 });
    const first = await worker.claimed([queue]);
    await worker.append(first, 0, frame('one'));
    await worker.retry(first, 0);
    const second = await worker.claimed([queue]);
    await worker.append(second, 0, frame('two'));
    await worker.finish(second);
    const text = async (query: string): Promise<string> =>
      (await api.call('GET', `/api/runs/${run}/output?follow&${query}`)).text;
    expect(await text('attempt=1&offset=1')).toBe('ne');
    expect(await text('from_attempt=1&offset=1')).toBe('ne\n[jobsched: attempt 2]\ntwo');
    expect(await api.fail('GET', `/api/runs/${run}/output?from_attempt=3`)).toMatchObject({ status: 404 });
  });

  it('has the time before each line when that is asked for', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    const at = (second: number): number => Date.UTC(2030, 0, 1, 0, 0, second);
    await worker.append(
      held,
      0,
      frame('a\nb', 'stdout', at(1)),
      frame('B\n', 'stdout', at(2)),
      frame('c', 'stdout', at(3)),
    );
    await worker.append(held, 6, frame('oops', 'stderr', at(4)));
    await worker.append(held, 1_010, frame('end\n\n', 'stderr', at(5)));
    await worker.finish(held);
    const time = (second: number): string => new Date(at(second)).toISOString();
    expect((await api.call('GET', `/api/runs/${run}/output?timestamps=1`)).text).toBe(
      [
        `${time(1)} a`,
        `${time(1)} bB`,
        `${time(3)} c`,
        `${time(4)} oops`,
        '[jobsched: 1,000 bytes are missing here; they were not kept]',
        `${time(5)} end`,
        `${time(5)} `,
        '',
      ].join('\n'),
    );
    const { text } = await api.call('GET', `/api/runs/${run}/output?timestamps=1&stream=stdout&offset=2`);
    expect(text).toContain(`${time(1)} bB\n${time(3)} c\n[jobsched`);
  });

  it('comes in parts, once the attempt has ended', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    const path = `/api/runs/${run}/output`;
    await worker.append(held, 0, frame('0123'), frame('err', 'stderr'), frame('456789'));
    const part = async (range: string, query = '', more = {}): Promise<unknown[]> => {
      const headers = { range, ...more };
      const answer = await api.call('GET', `${path}?${query}`, { headers });
      return [answer.status, answer.headers['content-range'], answer.status === 416 ? '' : answer.text];
    };
    // Until then it may grow.
    expect(await part('bytes=0-1')).toEqual([200, undefined, '0123err456789']);
    await worker.finish(held);
    const { headers } = await api.call('GET', path);
    expect(headers).toMatchObject({ 'accept-ranges': 'bytes' });
    expect(await part('bytes=2-5')).toEqual([206, 'bytes 2-5/13', '23er']);
    expect(await part('bytes=-3')).toEqual([206, 'bytes 10-12/13', '789']);
    expect(await part('bytes=5-', 'offset=2')).toEqual([206, 'bytes 5-10/11', '456789']);
    expect(await part('bytes=3-6', 'stream=stdout')).toEqual([206, 'bytes 3-6/10', '3456']);
    expect(await part('bytes=1-', 'stream=stderr')).toEqual([206, 'bytes 1-2/3', 'rr']);
    expect(await part('bytes=13-')).toEqual([416, 'bytes */13', '']);
    expect(await part('bytes=0-1,4-5')).toEqual([200, undefined, '0123err456789']);
    expect(await part('bytes=0-1', 'follow')).toEqual([200, undefined, '0123err456789']);
    expect(await part('bytes=0-1', '', { 'if-range': String(headers['etag']) })).toEqual([206, 'bytes 0-1/13', '01']);
    expect(await part('bytes=0-1', '', { 'if-range': '"other"' })).toEqual([200, undefined, '0123err456789']);
    expect(await part('bytes=0-1', 'offset=99')).toEqual([416, 'bytes */0', '']);
  });

  it('comes in parts also where bytes are missing, marks and all', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    await worker.append(held, 0, frame('begin'));
    await worker.append(held, 1_005, frame('end\n'));
    await worker.finish(held);
    const { text } = await api.call('GET', `/api/runs/${run}/output`);
    const parts: string[] = [];
    for (let first = 0; first < text.length; first += 7) {
      const headers = { range: `bytes=${first}-${first + 6}` };
      const answer = await api.call('GET', `/api/runs/${run}/output`, { headers });
      expect(answer.status).toBe(206);
      parts.push(answer.text);
    }
    expect(parts.join('')).toBe(text);
  });

  it('is read once for all its parts', async () => {
    let reads = 0;
    await using counted = await startApi({
      wrapStore: (store) =>
        overridden(store, {
          readOutput: (...place) => {
            reads += 1;
            return store.readOutput(...place);
          },
        }),
    });
    const its = testWorker(counted.store);
    const body = { command: 'true', output_limit_bytes: 8 * 2 ** 20 };
    const { body: job } = await counted.call<JobView>('POST', '/api/jobs', { body });
    const held = await its.claimed(['default']);
    // 2 MiB to each stream, in turns of 32 KiB.
    const [out, err] = ['o', 'e'].map((letter) => Buffer.alloc(32 * 1_024, letter));
    if (out === undefined || err === undefined) throw new Error('there is nothing to write');
    const chunk = Array.from({ length: 8 }, () => [frame(out), frame(err, 'stderr')]).flat();
    for (let each = 0; each < 8; each += 1) await its.append(held, each * 16 * out.length, ...chunk);
    await its.finish(held);
    const path = `/api/runs/${job.id}.1/output?stream=stderr`;
    const part = async (range: string): Promise<readonly [number, string]> => {
      const answer = await counted.call('GET', path, { headers: { range } });
      expect(answer.headers['content-range']).toContain('/2097152');
      return [answer.status, answer.text];
    };
    expect(await part('bytes=0-1')).toEqual([206, 'ee']);
    const whole = reads;
    expect(whole).toBeGreaterThan(32);
    expect(await part('bytes=-3')).toEqual([206, 'eee']);
    expect(await part('bytes=1048570-1048580')).toEqual([206, 'e'.repeat(11)]);
    expect(reads - whole).toBeLessThan(16);
  });

  it('says where bytes are missing', async () => {
    const { run, queue } = await make();
    const held = await worker.claimed([queue]);
    await worker.append(held, 0, frame('begin'));
    await worker.append(held, 1_005, frame('end\n'));
    await worker.finish(held);
    const { text } = await api.call('GET', `/api/runs/${run}/output`);
    expect(text).toBe('begin\n[jobsched: 1,000 bytes are missing here; they were not kept]\nend\n');
    const { text: frames } = await api.call('GET', `/api/runs/${run}/output?format=frames`);
    expect(lines(frames)).toContainEqual({ kind: 'dropped', attempt: 1, offset: 5, bytes: 1_000 });
  });

  it('is empty for a run that has not started, and names an attempt that is not there', async () => {
    const { run } = await make();
    expect(await api.call('GET', `/api/runs/${run}/output`)).toMatchObject({ status: 200, text: '' });
    expect(await api.fail('GET', `/api/runs/${run}/output?attempt=1`)).toMatchObject({ status: 404, field: 'attempt' });
    expect(await api.fail('GET', `/api/runs/${run}/output?attempt=0`)).toMatchObject({ status: 400, field: 'attempt' });
    expect(await api.fail('GET', `/api/runs/${run}/output?stream=stdin`)).toMatchObject({
      status: 400,
      field: 'stream',
    });
  });

  it('is followed from before the start, over a retry, to the end of the run', async () => {
    const { run, queue } = await make({ retries: 1, retry_delay_seconds: 0 });
    const response = await api.open(`/api/runs/${run}/output?follow=1`);
    const seen = reader(response.body);

    const first = await worker.claimed([queue]);
    await worker.append(first, 0, frame('one\n'));
    await seen.until('one\n');
    await worker.append(first, 4, frame('two'));
    await seen.until('one\ntwo');
    await worker.retry(first, 0);
    const second = await worker.claimed([queue]);
    await worker.append(second, 0, frame('three\n'));
    await worker.finish(second);
    await seen.ended;
    expect(seen.text()).toBe('one\ntwo\n[jobsched: attempt 2]\nthree\n');
  });

  it('of one attempt is followed to the end of that one', async () => {
    const { run, queue } = await make({ retries: 1, retry_delay_seconds: 0 });
    const held = await worker.claimed([queue]);
    const response = await api.open(`/api/runs/${run}/output?follow&attempt=1&format=frames`);
    const seen = reader(response.body);
    await seen.until('"attempt":1');
    await worker.retry(held, Date.now() + 3_600_000);
    await seen.ended;
    expect(lines(seen.text()).at(-1)).toMatchObject({ kind: 'end', attempt: 1, complete: true, status: 'pending' });
  });

  it('waits for a client that reads slowly', async () => {
    const { run, queue } = await make({ output_limit_bytes: 64 * 2 ** 20 });
    const held = await worker.claimed([queue]);
    const block = Buffer.alloc(2 ** 16, 'x');
    for (let offset = 0; offset < 12 * 2 ** 20; offset += block.length) await worker.append(held, offset, frame(block));
    await worker.finish(held);
    const response = await api.open(`/api/runs/${run}/output`);
    let total = 0;
    for await (const piece of response.body as AsyncIterable<Buffer>) total += piece.length;
    expect(total).toBe(12 * 2 ** 20);
  });

  it('stops when the client goes', async () => {
    const { run, queue } = await make();
    await worker.claimed([queue]);
    for (let tries = 0; tries < 3; tries += 1) {
      const response = await api.open(`/api/runs/${run}/output?follow=1`);
      response.body.on('error', () => undefined).destroy();
    }
    expect((await api.call('GET', '/livez')).status).toBe(200);
  });
});

/** Reads a response as it comes. */
function reader(body: AsyncIterable<Buffer>): {
  text(): string;
  until(end: string): Promise<void>;
  readonly ended: Promise<void>;
} {
  let text = '';
  let wake: () => void = () => undefined;
  const ended = (async () => {
    for await (const piece of body) {
      text += piece.toString();
      wake();
    }
  })();
  return {
    text: () => text,
    ended: within(10_000, ended, () => `the response did not end: ${JSON.stringify(text)}`),
    until: async (part) => {
      while (!text.includes(part)) {
        const more = new Promise<void>((resolve) => (wake = resolve));
        await within(10_000, more, () => `waited for ${part} in ${JSON.stringify(text)}`);
      }
    },
  };
}
