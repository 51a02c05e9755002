import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { FirstErrorView, LineList, LineMatches } from '../../src/http/schema/output.ts';
import type { ClaimedRun } from '../../src/store/leases.ts';
import type { TestWorker } from '../contract/test-worker.ts';
import { overridden, startApi, type Api } from '../support/api.ts';
import { frame, testWorker } from '../support/api-worker.ts';
import { long } from '../support/long.ts';

let api: Api;
let worker: TestWorker;
beforeAll(async () => {
  api = await startApi();
  worker = testWorker(api.store);
});
afterAll(() => api[Symbol.asyncDispose]());

/** A run that is running, in a queue of its own. */
async function running(fields: object = {}): Promise<ClaimedRun> {
  const queue = `q${(queues += 1)}`;
  await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true', queue, ...fields } });
  return worker.claimed([queue]);
}
let queues = 0;

const linesOf = async ({ run }: ClaimedRun, query = ''): Promise<LineList> =>
  (await api.call<LineList>('GET', `/api/runs/${run}/output/lines?${query}`)).body;
const search = async ({ run }: ClaimedRun, query: string): Promise<LineMatches> =>
  (await api.call<LineMatches>('GET', `/api/runs/${run}/output/search?${query}`)).body;
const texts = ({ lines }: LineList): string[] => lines.map(({ n, stream, text }) => `${n} ${stream} ${text}`);

/** Lines of 64 bytes, `line 0000001 …`, and to stderr each hundredth. */
async function write(held: ClaimedRun, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) =>
    `line ${String(index + 1).padStart(7, '0')} `.padEnd(63, '.'),
  );
  const perFrame = 100;
  let offset = 0;
  for (let from = 0; from < count; from += perFrame * 100) {
    const frames = [];
    for (let at = from; at < Math.min(count, from + perFrame * 100); at += perFrame) {
      const some = lines.slice(at, at + perFrame);
      frames.push(frame(`${some.slice(0, -1).join('\n')}\n`), frame(`${some.at(-1)}\n`, 'stderr'));
    }
    await worker.append(held, offset, ...frames);
    offset += frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
}

describe('lines of output', () => {
  it('come by their numbers, with stream and time', async () => {
    const held = await running();
    expect(await linesOf(held)).toEqual({ attempt: 1, lines: [], total: 0, complete: true, ended: false, dropped: 0 });
    await worker.append(held, 0, frame('one\ntwo\nthr'), frame('oops\n', 'stderr'), frame('ee\n\x1b[31mred\xff'));
    const all = await linesOf(held);
    expect(all).toMatchObject({ total: 6, complete: true, ended: false });
    expect(all.lines[0]).toEqual({
      n: 1,
      stream: 'stdout',
      time: '2030-01-01T00:00:00.000Z',
      text: 'one',
      dropped: null,
    });
    expect(texts(all)).toEqual([
      '1 stdout one',
      '2 stdout two',
      '3 stdout thr',
      '4 stderr oops',
      '5 stdout ee',
      '6 stdout \x1b[31mredÿ',
    ]);
    expect(texts(await linesOf(held, 'from=2&count=2'))).toEqual(['2 stdout two', '3 stdout thr']);
    expect(texts(await linesOf(held, 'stream=stdout&from=3'))).toEqual(['3 stdout three', '4 stdout \x1b[31mredÿ']);
    expect(texts(await linesOf(held, 'stream=stderr'))).toEqual(['1 stderr oops']);
    expect(await linesOf(held, 'from=7')).toMatchObject({ lines: [], total: 6 });
    // The last line grows, and others come.
    await worker.append(held, 29, frame('dish\nend'));
    expect(texts(await linesOf(held, 'from=6'))).toEqual(['6 stdout \x1b[31mredÿdish', '7 stdout end']);
    await worker.finish(held);
    expect(await linesOf(held, 'from=7')).toMatchObject({ total: 7, complete: true, ended: true });
  });

  it('say where bytes are missing, and are counted anew when more are', async () => {
    const held = await running();
    await worker.append(held, 0, frame('begin'));
    await worker.append(held, 1_005, frame('end\n'));
    const { lines, total, dropped } = await linesOf(held);
    expect([total, dropped]).toEqual([3, 1_000]);
    expect(lines[1]).toEqual({
      n: 2,
      stream: null,
      time: null,
      text: '[jobsched: 1,000 bytes are missing here; they were not kept]',
      dropped: 1_000,
    });
    await worker.append(held, 2_009, frame('more\n'));
    expect(texts(await linesOf(held, 'from=3'))).toEqual([
      '3 stdout end',
      '4 null [jobsched: 1,000 bytes are missing here; they were not kept]',
      '5 stdout more',
    ]);
    await worker.finish(held);
  });

  it('are empty before the first attempt, and refused for one that is not there', async () => {
    const { body: job } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true', queue: 'nobody' } });
    const path = `/api/runs/${job.id}.1/output`;
    const none = { attempt: 0, lines: [], total: 0, complete: true, ended: false, dropped: 0 };
    expect((await api.call<LineList>('GET', `${path}/lines`)).body).toEqual(none);
    expect((await api.call<LineMatches>('GET', `${path}/search?q=x`)).body).toEqual({
      attempt: 0,
      matches: [],
      next: null,
    });
    for (const [query, field] of [
      ['lines?attempt=1', 'attempt'],
      ['lines?from=0', 'from'],
      ['lines?count=1001', 'count'],
      ['search', 'q'],
      ['search?q=', 'q'],
      ['search?q=x&from=-1', 'from'],
      ['search?q=x&from=1@x', 'from'],
      ['search?q=x&from=1@2@', 'from'],
    ] as const) {
      expect(await api.fail('GET', `${path}/${query}`)).toMatchObject({ field });
    }
  });

  it('are found by their text whatever its colours, and by words for errors', async () => {
    const held = await running();
    const firstError = async (): Promise<unknown> => {
      const path = `/api/runs/${held.run}/output/first-error`;
      const { error, stderr, next } = (await api.call<FirstErrorView>('GET', path)).body;
      return [error?.n, stderr?.n, next];
    };
    await worker.append(held, 0, frame('0 failed, no error, terrific\n'));
    expect(await firstError()).toEqual([undefined, undefined, null]);
    await worker.append(held, 29, frame('progress\n', 'stderr'));
    expect(await firstError()).toEqual([undefined, 2, null]);
    await worker.append(held, 38, frame('\x1b[31mType\x1b[1mError\x1b[0m: x\nfatal\n'));
    expect(await firstError()).toEqual([3, 2, null]);
    expect((await search(held, 'q=TypeError:')).matches.map(({ n }) => n)).toEqual([3]);
    expect((await search(held, 'q=typeerror&ignore_case=1')).matches.map(({ n }) => n)).toEqual([3]);
    await worker.finish(held);
  });

  it('are found anywhere in a long output, and searched in steps', { timeout: 120_000 }, async () => {
    const count = long ? 1_000_000 : 300_000;
    const held = await running({ output_limit_bytes: 64 * 2 ** 20 });
    await write(held, count);
    await worker.finish(held);
    let page = await linesOf(held, `from=${count - 1}&count=10`);
    // A request counts 16 MiB.
    expect(page).toMatchObject({ lines: [], complete: false });
    while (!page.complete) page = await linesOf(held, `from=${count - 1}&count=10`);
    expect(page.total).toBe(count);
    expect(page.lines.map(({ text }) => text.slice(0, 12))).toEqual([
      `line ${String(count - 1).padStart(7, '0')}`,
      `line ${String(count).padStart(7, '0')}`,
    ]);
    for (const n of [1, 1_000, 99_999, 123_456, count]) {
      const { lines } = await linesOf(held, `from=${n}&count=1`);
      expect(lines.map((line) => `${line.n} ${line.text.slice(0, 12)}`)).toEqual([
        `${n} line ${String(n).padStart(7, '0')}`,
      ]);
    }
    expect(texts(await linesOf(held, 'stream=stderr&from=2000&count=1'))).toEqual([
      `2000 stderr ${'line 0200000 '.padEnd(63, '.')}`,
    ]);

    const found: number[] = [];
    let requests = 0;
    for (let next: string | null = '1'; next !== null; requests += 1) {
      const step: LineMatches = await search(held, `q=LINE%2002000&ignore_case=1&from=${next}&limit=60`);
      found.push(...step.matches.map(({ n }) => n));
      next = step.next;
    }
    expect(found).toEqual(Array.from({ length: 100 }, (_, index) => 200_000 + index));
    expect(requests).toBeGreaterThan(2);
    expect((await search(held, 'q=LINE&from=200000')).matches).toEqual([]);
    const from = await search(held, `q=line&from=${count}`);
    expect(from).toMatchObject({ matches: [{ n: count }], next: null });
  });

  it('are searched from a line that lies far, a bounded amount at a time', async () => {
    // Lines of 1 KiB each, 40 MiB of them, of which the last one is looked for.
    const [lineBytes, pageBytes, total] = [1_024, 64 * 1_024, 40 * 2 ** 20];
    const text = Buffer.from(`${'.'.repeat(lineBytes - 1)}\n`.repeat(pageBytes / lineBytes));
    let read = 0;
    await using far = await startApi({
      wrapStore: (store) =>
        overridden(store, {
          readOutput: async (_run, _attempt, offset) => {
            const bytes = text.subarray(0, Math.min(pageBytes, total - offset));
            read += bytes.length;
            const frames = [{ stream: 'stdout', at: 0, bytes }] as const;
            return { frames, dropped: 0, next: offset + bytes.length, total, ended: true };
          },
        }),
    });
    const { body: job } = await far.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } });
    await testWorker(far.store).claimed(['default']);
    const last = total / lineBytes;
    const found: number[] = [];
    let requests = 0;
    for (let next: string | null = `${last - 1}`; next !== null; requests += 1) {
      read = 0;
      const path: string = `/api/runs/${job.id}.1/output/search?q=...&from=${next}`;
      const { body }: { body: LineMatches } = await far.call<LineMatches>('GET', path);
      expect(read).toBeLessThanOrEqual(25 * 2 ** 20);
      found.push(...body.matches.map(({ n }) => n));
      ({ next } = body);
    }
    expect(found).toEqual([last - 1, last]);
    expect(requests).toBeGreaterThan(1);
  });
});
