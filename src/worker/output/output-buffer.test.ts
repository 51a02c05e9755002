import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stream } from '../../domain/output/frame.ts';
import { OutputBuffer } from './output-buffer.ts';

const LIMIT = 40;
const HEAD = 10;

const text = (frames: readonly { readonly bytes: Uint8Array }[]): string =>
  Buffer.concat(frames.map(({ bytes }) => bytes)).toString();

describe('OutputBuffer', () => {
  it('gives back what was written, with its stream and time', () => {
    const buffer = new OutputBuffer(LIMIT);
    buffer.write('stdout', 1, Buffer.from('ab'));
    buffer.write('stdout', 1, Buffer.from('c'));
    buffer.write('stderr', 1, Buffer.from('d'));
    buffer.write('stderr', 2, Buffer.from('e'));
    expect(buffer.take(100)).toEqual({
      offset: 0,
      frames: [
        { stream: 'stdout', at: 1, bytes: new Uint8Array(Buffer.from('abc')) },
        { stream: 'stderr', at: 1, bytes: new Uint8Array(Buffer.from('d')) },
        { stream: 'stderr', at: 2, bytes: new Uint8Array(Buffer.from('e')) },
      ],
    });
    expect(buffer.take(100)).toBeNull();
  });

  it('keeps the head and the end of one write that is larger than both', () => {
    const buffer = new OutputBuffer(LIMIT);
    const all = Array.from({ length: 100 }, (_, index) => String.fromCharCode(33 + (index % 90))).join('');
    buffer.write('stdout', 1, Buffer.from(all));
    expect(buffer.held).toBe(LIMIT);
    const head = buffer.take(1_000);
    const tail = buffer.take(1_000);
    expect([head?.offset, text(head?.frames ?? [])]).toEqual([0, all.slice(0, 10)]);
    expect([tail?.offset, text(tail?.frames ?? [])]).toEqual([70, all.slice(70)]);
  });

  it('sheds the oldest of the tail, and nothing of the head', () => {
    const buffer = new OutputBuffer(LIMIT);
    buffer.write('stdout', 1, Buffer.from('0123456789abc'));
    buffer.shed(2);
    expect(text(buffer.take(100)?.frames ?? [])).toBe('0123456789');
    expect(buffer.take(100)).toMatchObject({ offset: 12, frames: [{ bytes: new Uint8Array(Buffer.from('c')) }] });
    buffer.write('stdout', 1, Buffer.from('de'));
    buffer.shed(100);
    expect(buffer.held).toBe(0);
  });

  const write = fc.record({ stream: fc.constantFrom<Stream>('stdout', 'stderr'), at: fc.nat(2), length: fc.nat(60) });
  const step = fc.oneof(write, fc.record({ take: fc.nat(50) }));

  it('whatever is written and taken: pieces never overlap, are true to the byte, and head and tail are whole', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new OutputBuffer(LIMIT);
        const written: number[] = [];
        const stored = new Map<number, number>();
        const store = (most: number): boolean => {
          const piece = buffer.take(most);
          if (!piece) return false;
          const bytes = Buffer.concat(piece.frames.map((frame) => frame.bytes));
          expect(bytes.length).toBeLessThanOrEqual(most);
          expect(bytes.length).toBeGreaterThan(0);
          for (const [index, byte] of bytes.entries()) {
            expect(stored.has(piece.offset + index)).toBe(false);
            stored.set(piece.offset + index, byte);
          }
          return true;
        };
        for (const one of steps) {
          if ('take' in one) {
            store(one.take);
          } else {
            const bytes = Buffer.from(Array.from({ length: one.length }, (_, index) => (written.length + index) % 251));
            written.push(...bytes);
            buffer.write(one.stream, one.at, bytes);
          }
          expect(buffer.held).toBeLessThanOrEqual(LIMIT);
        }
        while (store(7));
        expect(buffer.total).toBe(written.length);
        for (const [offset, byte] of stored) expect(written[offset]).toBe(byte);
        const kept = written.map((_, offset) => offset).filter((at) => at < HEAD || at >= written.length - 30);
        expect(kept.filter((offset) => !stored.has(offset))).toEqual([]);
      }),
    );
  });
});
