import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, Stream } from '../../domain/output/frame.ts';
import { LineSplitter, MOST_LINE_BYTES, type Line } from './lines.ts';

type Written = readonly [stream: Stream, text: string];

function split(written: readonly Written[], from = 0, only: Stream | null = null): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  let offset = 0;
  for (const [stream, text] of written) {
    const bytes = Buffer.from(text);
    const kept = bytes.subarray(Math.max(0, from - offset));
    const frame: Frame = { stream, at: 1, bytes: kept };
    if (kept.length > 0 && (only === null || stream === only)) splitter.add(frame, offset + bytes.length - kept.length);
    offset += bytes.length;
  }
  splitter.end();
  return lines;
}

const shown = (lines: readonly Line[]): string[] =>
  lines.map((line) => (line.kind === 'text' ? `${line.stream}:${line.bytes.toString()}` : `-${line.bytes}`));

const writing = fc.array(
  fc.tuple(
    fc.constantFrom<Stream>('stdout', 'stderr'),
    fc
      .array(fc.constantFrom('a', 'é', '🙂', '\n', '\n', 'x'.repeat(5_000)), { minLength: 1 })
      .map((all) => all.join('')),
  ),
  { maxLength: 30 },
);

describe('lines of output', () => {
  it('end at newlines, and where the other stream takes the word', () => {
    expect(
      shown(
        split([
          ['stdout', 'a\n\nb'],
          ['stdout', 'c'],
          ['stderr', 'd\n'],
          ['stdout', 'e'],
        ]),
      ),
    ).toEqual(['stdout:a', 'stdout:', 'stdout:bc', 'stderr:d', 'stdout:e']);
    expect(
      shown(
        split(
          [
            ['stdout', 'a'],
            ['stderr', 'd\n'],
            ['stdout', 'e'],
          ],
          0,
          'stdout',
        ),
      ),
    ).toEqual(['stdout:ae']);
    expect(split([])).toEqual([]);
  });

  it('are no longer than they may be, and cut no character', () => {
    const lines = split([['stdout', `${'🙂'.repeat(10_000)}\nend\n`]]);
    expect(lines.map((line) => (line.kind === 'text' ? line.bytes.toString() : '')).join('')).toBe(
      `${'🙂'.repeat(10_000)}end`,
    );
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line.kind === 'text' && line.bytes.length).toBeLessThanOrEqual(MOST_LINE_BYTES);
      expect(line.kind === 'text' && line.bytes.toString()).not.toContain('�');
    }
  });

  it('say where bytes are missing', () => {
    const lines: Line[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    splitter.add({ stream: 'stdout', at: 1, bytes: Buffer.from('begin') }, 0);
    splitter.gap(5, 1_000);
    splitter.add({ stream: 'stdout', at: 1, bytes: Buffer.from('end') }, 1_005);
    splitter.end();
    expect(shown(lines)).toEqual(['stdout:begin', '-1000', 'stdout:end']);
  });

  it('are the same from wherever a line begins, also of one stream', () => {
    fc.assert(
      fc.property(writing, fc.constantFrom(null, 'stdout' as const), (written, only) => {
        const all = split(written, 0, only);
        for (const [place, { offset }] of all.entries()) expect(split(written, offset, only)).toEqual(all.slice(place));
      }),
      { numRuns: 50 },
    );
  });

  it('are all that was written', () => {
    fc.assert(
      fc.property(writing, (written) => {
        const text = (only: Stream): string =>
          written.flatMap(([stream, some]) => (stream === only ? [some] : [])).join('');
        for (const stream of ['stdout', 'stderr'] as const) {
          const lines = split(written, 0, stream).map((line) => (line.kind === 'text' ? line.bytes.toString() : ''));
          expect(lines.join('')).toBe(text(stream).replaceAll('\n', ''));
        }
      }),
    );
  });
});
