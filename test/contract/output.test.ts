import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { jobId, runId, type RunId } from '../../src/domain/id.ts';
import { SECOND } from '../../src/domain/instant.ts';
import { STREAMS, type Frame, type Stream } from '../../src/domain/output/frame.ts';
import type { Store } from '../../src/store/store.ts';
import { long } from '../support/long.ts';
import { contract } from './contract.ts';
import { EXIT_1, SUCCEEDED } from './test-worker.ts';

const KIB = 1024;

contract('output', (it) => {
  it('is read as it was written, stream by stream in order', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const frames = [frame('a\n', 'stdout', 11), frame('oops\n', 'stderr', 12), frame('b\n', 'stdout', 13)];
    expect(await worker.append(held, 0, ...frames)).toBe('ok');
    const page = await world.store.readOutput(held.run, 1, 0);
    expect(page).toMatchObject({ dropped: 0, next: 9, total: 9, ended: false });
    expect(page?.frames.map(({ stream, at, bytes }) => [stream, at, text(bytes)])).toEqual([
      ['stdout', 11, 'a\n'],
      ['stderr', 12, 'oops\n'],
      ['stdout', 13, 'b\n'],
    ]);
    expect(await world.run(held.run)).toMatchObject({ outputBytes: 9, outputTruncated: false });
  });

  it('is nothing at first, and has ended when its attempt has', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const nothing = { frames: [], dropped: 0, next: 0, total: 0 };
    expect(await world.store.readOutput(held.run, 1, 0)).toEqual({ ...nothing, ended: false });
    await worker.finish(held);
    expect(await world.store.readOutput(held.run, 1, 0)).toEqual({ ...nothing, ended: true });
  });

  it('is null for an unknown run or attempt', async ({ world }) => {
    const job = await world.once();
    expect(await world.store.readOutput(runId(job.id, 1), 1, 0)).toBeNull();
    const { run } = await world.worker().claimed();
    expect(await world.store.readOutput(run, 2, 0)).toBeNull();
    expect(await world.store.readOutput(run, 0, 0)).toBeNull();
    expect(await world.store.readOutput(runId(jobId(randomUUID()), 1), 1, 0)).toBeNull();
  });

  it('keeps every byte there is', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const bytes = Uint8Array.from({ length: 256 * 3 }, (_, n) => n % 256);
    await worker.append(held, 0, { stream: 'stdout', at: 1, bytes });
    expect((await readAll(world.store, held.run)).bytes).toEqual(Buffer.from(bytes));
  });

  it('answers duplicate to what is stored already, and stores it once', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, frame('hello '));
    expect(await worker.append(held, 0, frame('hello '))).toBe('duplicate');
    expect(await worker.append(held, 6, frame('world'))).toBe('ok');
    expect(await worker.append(held, 0, frame('hello '))).toBe('duplicate');
    expect(await worker.append(held, 6, frame('world'))).toBe('duplicate');
    expect(text((await readAll(world.store, held.run)).bytes)).toBe('hello world');
    expect(await worker.finish(held, SUCCEEDED, { output: { offset: 6, frames: [frame('world')] } })).toBe('ok');
    expect(text((await readAll(world.store, held.run)).bytes)).toBe('hello world');
  });

  it('stores what is new of a piece that overlaps what is stored', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, frame('hello '));
    expect(await worker.append(held, 4, frame('o '), frame('world'))).toBe('ok');
    expect(await worker.append(held, 2, frame('llo world'))).toBe('duplicate');
    expect(text((await readAll(world.store, held.run)).bytes)).toBe('hello world');
  });

  it('tells of a gap that its worker left', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, frame('head'));
    expect(await worker.append(held, 100, frame('tail'))).toBe('ok');
    const { pieces, dropped } = await readAll(world.store, held.run);
    expect(dropped).toBe(96);
    expect(pieces.map(({ at, bytes }) => [at, text(bytes)])).toEqual([
      [0, 'head'],
      [100, 'tail'],
    ]);
    expect(await world.store.readOutput(held.run, 1, 50)).toMatchObject({ dropped: 50, next: 104, total: 104 });
    expect(await world.run(held.run)).toMatchObject({ outputBytes: 104, outputTruncated: true });
    expect(await world.attempts(held.run)).toMatchObject([{ outputBytes: 104, outputDropped: 96 }]);
    expect(await worker.append(held, 50, frame('late'))).toBe('duplicate');
  });

  it('may begin with a gap', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 1_000, frame('x'));
    expect(await world.store.readOutput(held.run, 1, 0)).toMatchObject({ dropped: 1_000, next: 1_001, total: 1_001 });
  });

  it('can be read from any byte on', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, frame('abc'), frame('def', 'stderr'));
    await worker.append(held, 6, frame('ghi'));
    for (let offset = 0; offset <= 9; offset++) {
      const read = await readAll(world.store, held.run, 1, offset);
      expect(text(read.bytes)).toBe('abcdefghi'.slice(offset));
    }
    expect(await world.store.readOutput(held.run, 1, 9)).toMatchObject({ frames: [], dropped: 0, next: 9, total: 9 });
  });

  it('is read in pages of a bounded size', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const whole = randomBytes(600 * KIB);
    for (let offset = 0; offset < whole.length; offset += 50 * KIB) {
      await worker.append(held, offset, { stream: 'stdout', at: 1, bytes: whole.subarray(offset, offset + 50 * KIB) });
    }
    const read = await readAll(world.store, held.run);
    expect(read.bytes.equals(whole)).toBe(true);
    expect(read.largestPage).toBeLessThanOrEqual(192 * KIB);
    expect(read.pages).toBeLessThanOrEqual(40);
  });

  it('takes a frame larger than a page', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const whole = randomBytes(500 * KIB);
    await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: whole });
    expect((await readAll(world.store, held.run)).bytes.equals(whole)).toBe(true);
  });

  it('belongs to its attempt', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    const first = await worker.claimed();
    await worker.append(first, 0, frame('first'));
    await worker.retry(first, await world.now());
    const second = await worker.claimed();
    expect(await world.run(second.run)).toMatchObject({ outputBytes: 0 });
    await worker.append(second, 0, frame('second!'));
    expect(text((await readAll(world.store, first.run, 1)).bytes)).toBe('first');
    expect(text((await readAll(world.store, first.run, 2)).bytes)).toBe('second!');
    expect(await world.runAndAttempts(first.run)).toMatchObject({
      run: { outputBytes: 7 },
      attempts: [{ outputBytes: 5 }, { outputBytes: 7 }],
    });
    expect(await world.store.readOutput(first.run, 1, 5)).toMatchObject({ ended: true });
    expect(await world.store.readOutput(first.run, 2, 7)).toMatchObject({ ended: false });
  });

  it('is lost for another owner, another fence, and after the end', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.worker().append(held, 0, frame('x'))).toBe('lost');
    expect(await worker.append({ ...held, fence: held.fence + 1 }, 0, frame('x'))).toBe('lost');
    expect(await worker.append({ ...held, run: runId(jobId(randomUUID()), 1) }, 0, frame('x'))).toBe('lost');
    await worker.finish(held, EXIT_1);
    expect(await worker.append(held, 0, frame('x'))).toBe('lost');
    expect(await world.store.readOutput(held.run, 1, 0)).toMatchObject({ total: 0 });
  });

  it('answers each of many', async ({ world }) => {
    await world.once();
    await world.once();
    const worker = world.worker();
    const [a, b] = (await worker.claim(2)).claimed;
    if (a === undefined || b === undefined) throw new Error('claimed too few');
    const chunk = (held: { run: RunId; fence: number }) => ({
      run: held.run,
      fence: held.fence,
      offset: 0,
      frames: [frame('x')],
    });
    await worker.append(a, 0, frame('x'));
    expect(await world.store.appendOutput(worker.owner, [chunk(a), chunk(b)])).toEqual(['duplicate', 'ok']);
    expect(await world.store.appendOutput(worker.owner, [chunk({ ...b, fence: 9 })])).toEqual(['lost']);
  });

  it('keeps a quarter of the limit from the start and the rest from the end, to the byte', async ({ world }) => {
    const limit = 256 * KIB;
    await world.once({ outputLimitBytes: limit });
    const worker = world.worker();
    const held = await worker.claimed();
    const whole = randomBytes(1_000_003);
    for (let offset = 0; offset < whole.length; offset += 9_973) {
      await worker.append(held, offset, { stream: 'stdout', at: 1, bytes: whole.subarray(offset, offset + 9_973) });
    }
    const read = await readAll(world.store, held.run);
    expect(read.bytes.length + read.dropped).toBe(whole.length);
    expect(read.bytes.subarray(0, limit / 4).equals(whole.subarray(0, limit / 4))).toBe(true);
    expect(read.bytes.length).toBe(limit);
    expect(read.bytes.subarray(limit / 4).equals(whole.subarray(-(3 * limit) / 4))).toBe(true);
    expect(await world.run(held.run)).toMatchObject({ outputBytes: whole.length, outputTruncated: true });
    expect(await world.attempts(held.run)).toMatchObject([{ outputDropped: whole.length - limit }]);
  });

  it('drops nothing of what is exactly as long as the limit', async ({ world }) => {
    await world.once({ outputLimitBytes: 4 * KIB });
    const worker = world.worker();
    const held = await worker.claimed();
    const whole = randomBytes(4 * KIB);
    await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: whole.subarray(0, 3_000) });
    await worker.append(held, 3_000, { stream: 'stderr', at: 2, bytes: whole.subarray(3_000) });
    expect(await world.run(held.run)).toMatchObject({ outputTruncated: false });
    expect((await readAll(world.store, held.run)).bytes.equals(whole)).toBe(true);
    await worker.append(held, 4 * KIB, frame('!'));
    expect(await world.run(held.run)).toMatchObject({ outputTruncated: true, outputBytes: 4 * KIB + 1 });
    expect(await readAll(world.store, held.run)).toMatchObject({ dropped: 1 });
  });

  it('outlives a reopened store', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, frame('kept'));
    await worker.finish(held);
    await world.reopen();
    expect(text((await readAll(world.store, held.run)).bytes)).toBe('kept');
  });

  it(
    'follows these laws for any pieces and gaps',
    async ({ world }) => {
      const piece = fc.record({
        gap: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5_000) }),
        length: fc.integer({ min: 1, max: 3_000 }),
        stream: fc.constantFrom(...STREAMS),
      });
      const limit = 8 * KIB;
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 25 }), fc.nat(20_000), async (pieces, from) => {
          await world.once({ outputLimitBytes: limit });
          const worker = world.worker();
          const held = await worker.claimed();
          const written = new Map<number, number>();
          let total = 0;
          for (const { gap, length, stream } of pieces) {
            total += gap;
            const bytes = randomBytes(length);
            await worker.append(held, total, { stream, at: 1, bytes });
            for (const [index, byte] of bytes.entries()) written.set(total + index, byte);
            total += length;
          }
          const read = await readAll(world.store, held.run);
          const start = Math.min(from, total);
          const rest = await readAll(world.store, held.run, 1, start);
          await worker.finish(held);
          // Every byte is read where it was written, or is counted as dropped; and never more than the limit is kept.
          expect(read.bytes.length + read.dropped).toBe(total);
          expect(read.bytes.length).toBeLessThanOrEqual(limit);
          for (const one of read.pieces) {
            for (const [index, byte] of one.bytes.entries()) expect(written.get(one.at + index)).toBe(byte);
          }
          // The first and the last that was written is there, as much as there is a place for.
          const at = new Set(
            read.pieces.flatMap(({ at: first, bytes }) => Array.from(bytes, (_, index) => first + index)),
          );
          for (const offset of written.keys()) {
            if (offset < limit / 4 || offset >= total - (3 * limit) / 4) expect(at.has(offset)).toBe(true);
          }
          // Reading from the middle gives what reading all gives there.
          const tail = read.pieces.flatMap(({ at: first, bytes }) => [...bytes.subarray(Math.max(0, start - first))]);
          expect([...rest.bytes]).toEqual(tail);
          expect(await world.attempts(held.run)).toMatchObject([{ outputBytes: total, outputDropped: read.dropped }]);
        }),
        { numRuns: long ? 300 : 15, plugins: [fc.interruptAfterTimeLimit(long ? 200 * SECOND : 5 * SECOND)] },
      );
    },
    long ? 300 * SECOND : 30 * SECOND,
  );
});

function frame(content: string, stream: Stream = 'stdout', at = 1): Frame {
  return { stream, at, bytes: Buffer.from(content) };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

interface ReadAll {
  readonly bytes: Buffer;
  /** The frames with their offsets. */
  readonly pieces: readonly { readonly at: number; readonly bytes: Buffer }[];
  readonly dropped: number;
  readonly pages: number;
  readonly largestPage: number;
}

/** Page by page from `offset` to the end, as readers do; proves on the way that pages are consistent. */
async function readAll(store: Store, run: RunId, attempt = 1, offset = 0): Promise<ReadAll> {
  const pieces: { at: number; bytes: Buffer }[] = [];
  let [at, dropped, pages, largestPage] = [offset, 0, 0, 0];
  for (;;) {
    const page = await store.readOutput(run, attempt, at);
    if (page === null) throw new Error(`no output of ${run}`);
    const length = page.frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (at >= page.total) break;
    expect(page.next).toBe(at + page.dropped + length);
    expect(page.next).toBeGreaterThan(at);
    at += page.dropped;
    for (const { bytes } of page.frames) {
      expect(bytes.length).toBeGreaterThan(0);
      pieces.push({ at, bytes: Buffer.from(bytes) });
      at += bytes.length;
    }
    dropped += page.dropped;
    pages += 1;
    largestPage = Math.max(largestPage, length);
  }
  return { bytes: Buffer.concat(pieces.map(({ bytes }) => bytes)), pieces, dropped, pages, largestPage };
}
