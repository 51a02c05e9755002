import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimedRun } from '../../../test/support/claimed-run.ts';
import { AWAY, FULL } from '../../../test/support/faulty-store.ts';
import { systemClock } from '../../clock.ts';
import { workerId } from '../../domain/id.ts';
import { bytesOf as bytesOfFrames } from '../../domain/output/block.ts';
import type { Held } from '../../store/leases.ts';
import type { AppendResult, OutputChunk } from '../../store/output.ts';
import { Link } from '../link.ts';
import { LARGEST_PIECE, sizeOf } from './output-channel.ts';
import { MOST_HELD, OutputPump } from './output-pump.ts';

const LIMIT = 1024 * 1024;
const HEAD = LIMIT / 4;
const MB = 1024 * 1024;

let calls: OutputChunk[][];
let lost: Held[];
let answer: (chunks: readonly OutputChunk[]) => Promise<AppendResult[]>;
let pump: OutputPump;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  lost = [];
  answer = async (chunks) => chunks.map(() => 'ok');
  pump = new OutputPump({
    store: {
      appendOutput: (_owner, chunks) => {
        calls.push([...chunks]);
        return answer(chunks);
      },
    },
    owner: workerId(randomUUID()),
    clock: systemClock,
    link: new Link(pino({ level: 'silent' })),
    onLost: (held) => void lost.push(held),
  });
});
afterEach(() => {
  pump.stop();
  vi.useRealTimers();
});

const sent = (): string => calls.flat().map(textOf).join('|');
const textOf = (chunk: OutputChunk): string =>
  `${chunk.offset}:${Buffer.concat(chunk.frames.map(({ bytes }) => bytes)).toString()}`;
const bytesOf = ({ frames }: Pick<OutputChunk, 'frames'>): number => bytesOfFrames(frames);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('OutputPump', () => {
  it('sends what came within a tenth of a second in one call for all', async () => {
    const channels = [pump.open(claimedRun(), LIMIT), pump.open(claimedRun(), LIMIT)];
    for (const channel of channels) channel.write('stdout', Buffer.from('ab'));
    await pass(50);
    channels[0]?.write('stdout', Buffer.from('c'));
    expect(calls).toEqual([]);
    await pass(50);
    expect(calls).toHaveLength(1);
    expect(sent()).toBe('0:abc|0:ab');
    await pass(10_000);
    expect(calls).toHaveLength(1);
  });

  it('sends nothing of a short run: its output goes with its end', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    channel.write('stdout', Buffer.from('all'));
    channel.close();
    pump.hurry();
    expect(await channel.last).toMatchObject({ offset: 0, frames: [{ stream: 'stdout' }] });
    await pass(1_000);
    expect(calls).toEqual([]);
  });

  it('repeats a piece in the same cut until it is answered', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    answer = () => Promise.reject(AWAY);
    channel.write('stdout', Buffer.from('ab'));
    await pass(100);
    channel.write('stdout', Buffer.from('cd'));
    await pass(200);
    answer = async (chunks) => chunks.map(() => 'duplicate');
    await pass(5_000);
    expect(new Set(sent().split('|'))).toEqual(new Set(['0:ab', '2:cd']));
    expect(sent().endsWith('0:ab|2:cd')).toBe(true);
  });

  it('holds back the last piece until all before it is stored', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    answer = () => Promise.reject(AWAY);
    channel.write('stdout', Buffer.from('ab'));
    await pass(100);
    channel.write('stdout', Buffer.from('cd'));
    channel.close();
    let last: unknown = 'not yet';
    void channel.last.then((piece) => (last = piece));
    await pass(1_000);
    expect(last).toBe('not yet');
    answer = async (chunks) => chunks.map(() => 'ok');
    await pass(5_000);
    expect(last).toMatchObject({ offset: 2 });
  });

  it('sends large output before the end, without pauses of its own, and the last quarter with it', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    channel.write('stdout', Buffer.alloc(LIMIT, 'x'));
    channel.close();
    pump.hurry();
    await pass(500);
    const last = await channel.last;
    const before = calls.flat();
    expect(before.every((chunk) => bytesOf(chunk) <= LARGEST_PIECE)).toBe(true);
    expect(before.reduce((sum, chunk) => sum + bytesOf(chunk), last ? bytesOf(last) : 0)).toBe(LIMIT);
  });

  it('sends the head as it comes, and past it no more than 768 KiB a second', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    for (let step = 0; step < 1_000; step++) {
      channel.write('stdout', chunk);
      await pass(10);
    }
    const bytes = calls.flat().reduce((sum, one) => sum + bytesOf(one), 0);
    expect(calls[0]?.[0]?.offset).toBe(0);
    expect(bytes).toBeGreaterThan(HEAD + 9 * 768 * 1024);
    expect(bytes).toBeLessThan(HEAD + 11 * 768 * 1024);
  });

  it('sends no more than 8 MiB a second in all', async () => {
    const channels = Array.from({ length: 30 }, () => pump.open(claimedRun(), 64 * MB));
    for (let step = 0; step < 40; step++) {
      for (const channel of channels) channel.write('stdout', Buffer.alloc(64 * 1024, 'x'));
      await pass(50);
    }
    const bytes = calls.flat().reduce((sum, one) => sum + bytesOf(one), 0);
    expect(bytes).toBeLessThan(20 * MB);
    expect(bytes).toBeGreaterThan(12 * MB);
    expect(new Set(calls.flat().map(({ run }) => run)).size).toBe(30);
  });

  it('holds no more than 64 MiB in all', async () => {
    answer = () => new Promise(() => {});
    const channels = Array.from({ length: 4 }, () => pump.open(claimedRun(), 64 * MB));
    for (let step = 0; step < 24; step++) {
      for (const channel of channels) channel.write('stdout', Buffer.alloc(MB, 'x'));
    }
    const held = channels.reduce((sum, { waiting }) => sum + waiting, 0);
    expect(held).toBeLessThanOrEqual(MOST_HELD);
  });

  it('sheds from the longest tail, whoever writes, and never from a head', async () => {
    answer = () => new Promise(() => {});
    const [loud, quiet] = [pump.open(claimedRun(), 64 * MB), pump.open(claimedRun(), LIMIT)];
    for (let step = 0; step < 64; step++) loud.write('stdout', Buffer.alloc(MB, 'x'));
    quiet.write('stdout', Buffer.alloc(LIMIT, 'q'));
    expect(quiet.waiting).toBe(LIMIT);
    expect(loud.waiting).toBeGreaterThan(16 * MB);
    expect(loud.waiting + quiet.waiting).toBeLessThanOrEqual(MOST_HELD);
  });

  it('counts what waits with an end, until the end was told', async () => {
    answer = () => new Promise(() => {});
    const ended = Array.from({ length: 200 }, () => pump.open(claimedRun(), 4 * LIMIT));
    for (const channel of ended) {
      channel.write('stdout', Buffer.alloc(LARGEST_PIECE, 'x'));
      channel.close();
      await channel.last;
    }
    const running = pump.open(claimedRun(), 64 * MB);
    for (let step = 0; step < 64; step++) running.write('stdout', Buffer.alloc(MB, 'x'));
    expect(running.waiting).toBe(16 * MB);
    for (const channel of ended) channel.discard();
    for (let step = 0; step < 64; step++) running.write('stdout', Buffer.alloc(MB, 'x'));
    expect(running.waiting).toBeGreaterThan(60 * MB);
  });

  it('makes few frames of many tiny writes to both streams', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    for (let index = 0; index < LARGEST_PIECE; index++) {
      channel.write(index % 2 ? 'stdout' : 'stderr', Buffer.from([index % 2 ? 0x6f : 0x65]));
    }
    channel.close();
    const last = await channel.last;
    const chunks = [...calls.flat(), ...(last ? [last] : [])];
    const frames = chunks.flatMap((chunk) => chunk.frames);
    expect(Math.max(...chunks.map((chunk) => chunk.frames.length))).toBeLessThanOrEqual(4_096);
    expect(
      frames.every(({ stream, bytes }) => bytes.every((byte) => byte === (stream === 'stdout' ? 0x6f : 0x65))),
    ).toBe(true);
    expect(bytesOfFrames(frames)).toBe(LARGEST_PIECE);
    expect(sizeOf({ offset: 0, frames })).toBeLessThan(LARGEST_PIECE * 1.1);
  });

  it('throws away what a full store does not take, and says at the end how much there was', async () => {
    const channel = pump.open(claimedRun(), LIMIT);
    answer = () => Promise.reject(FULL);
    channel.write('stdout', Buffer.from('lost'));
    await pass(200);
    channel.close();
    expect(await channel.last).toEqual({ offset: 4, frames: [] });
  });

  it('tells when the attempt is not ours any more', async () => {
    const claimed = claimedRun();
    const channel = pump.open(claimed, LIMIT);
    answer = async () => ['lost'];
    channel.write('stdout', Buffer.from('late'));
    await pass(100);
    expect(lost).toEqual([{ run: claimed.run, fence: claimed.fence }]);
  });
});
