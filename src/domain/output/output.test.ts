/** Frames, blocks and windows: what every store makes of output. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, bytesOf, toBlocks, withoutFirst } from './block.ts';
import { STREAMS, type Frame } from './frame.ts';
import { decodeFrames, encodedSize, encodeFrames } from './frame-codec.ts';
import { lineParts, stampedParts } from './line-parts.ts';
import { outputWindow } from './window.ts';

const frame: fc.Arbitrary<Frame> = fc.record({
  stream: fc.constantFrom(...STREAMS),
  at: fc.nat(2 ** 45),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }),
});
const frames = fc.array(frame, { maxLength: 20 });
const text = (list: readonly Frame[]): string => list.map(({ bytes }) => Buffer.from(bytes).toString('hex')).join('');

describe('frames', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(frames, (list) => {
        expect(decodeFrames(encodeFrames(list))).toEqual(list);
      }),
    );
  });

  it('can be joined end to end', () => {
    fc.assert(
      fc.property(frames, frames, (a, b) => {
        const joined = Buffer.concat([encodeFrames(a), encodeFrames(b)]);
        expect(decodeFrames(new Uint8Array(joined))).toEqual([...a, ...b]);
      }),
    );
  });

  it('are refused when they are cut off', () => {
    const encoded = encodeFrames([{ stream: 'stdout', at: 1, bytes: Buffer.from('abc') }]);
    for (let length = 1; length < encoded.length; length++) {
      expect(() => decodeFrames(encoded.subarray(0, length))).toThrow(RangeError);
    }
  });

  it('lose exactly their first bytes', () => {
    fc.assert(
      fc.property(frames, fc.nat(400), (list, count) => {
        expect(text(withoutFirst(list, count))).toBe(text(list).slice(2 * count));
      }),
    );
  });
});

describe('blocks', () => {
  const large: Frame = { stream: 'stderr', at: 5, bytes: new Uint8Array(200_000).fill(7) };

  it('hold the same bytes in order, without a gap, none across the head and none too large', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(frame, fc.constant(large)), { maxLength: 5 }),
        fc.nat(500),
        fc.nat(300_000),
        (list, offset, head) => {
          const blocks = toBlocks(list, offset, head);
          expect(bytesOf(blocks.flatMap((block) => block.frames))).toBe(bytesOf(list));
          expect(Buffer.compare(join(blocks.flatMap((block) => block.frames)), join(list))).toBe(0);
          let at = offset;
          for (const block of blocks) {
            expect([block.start, block.size]).toEqual([at, bytesOf(block.frames)]);
            expect(block.size).toBeGreaterThan(0);
            expect(encodedSize(block.frames)).toBeLessThanOrEqual(BLOCK_BYTES);
            expect(block.start >= head || block.start + block.size <= head).toBe(true);
            at += block.size;
          }
        },
      ),
    );
  });
});

describe('the window', () => {
  it('never keeps more than the limit, and all of less', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(100_000), (limit, total) => {
        const { head, keptFrom } = outputWindow(limit, total);
        const kept = Math.min(head, total) + Math.max(0, total - keptFrom);
        expect(kept).toBe(Math.min(limit, total));
      }),
    );
  });

  it('only moves on', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(100_000), fc.nat(1_000), (limit, total, more) => {
        const [before, after] = [outputWindow(limit, total), outputWindow(limit, total + more)];
        expect(after.head).toBe(before.head);
        expect(after.keptFrom).toBeGreaterThanOrEqual(before.keptFrom);
      }),
    );
  });
});

function join(list: readonly Frame[]): Buffer {
  return Buffer.concat(list.map(({ bytes }) => bytes));
}

describe('lines', () => {
  const some = fc.array(fc.constantFrom(10, 97), { maxLength: 20 }).map((list) => Uint8Array.from(list));
  const joined = (parts: Iterable<Uint8Array>): string => Buffer.concat([...parts]).toString();

  it('are all of the bytes, each with its newline, and a stamp before each that begins', () => {
    fc.assert(
      fc.property(some, fc.boolean(), (bytes, isOpen) => {
        const all = Buffer.from(bytes).toString();
        expect(joined(lineParts(bytes))).toBe(all);
        for (const part of lineParts(bytes)) expect(joined([part])).toMatch(/^a*\n?$/);
        const stamped = joined(stampedParts(bytes, Buffer.from('> '), isOpen));
        const wanted = all.replaceAll(/^(?=[^])/gm, '> ');
        expect(stamped).toBe(isOpen ? wanted.replace(/^> /, '') : wanted);
      }),
    );
  });
});
