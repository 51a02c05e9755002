import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createOutputWriter, type WriterOptions } from './output-writer.ts';
import type { Screen } from './terminal.ts';
import type { OutputEvent } from '../../client/client.ts';
import type { Stream } from '../../domain/output/frame.ts';

const wrote = (stream: Stream, bytes: string | readonly number[]): OutputEvent => ({
  kind: 'output',
  attempt: 1,
  offset: 0,
  stream,
  at: '2026-11-23T13:35:06.000Z',
  bytes: Buffer.from(bytes as string),
});

interface Terminals {
  readonly out: boolean;
  readonly err: boolean;
}

/** What the two streams got, each as a terminal or as a pipe. */
async function written(
  terminals: Terminals,
  events: readonly OutputEvent[],
  options: WriterOptions = {},
): Promise<readonly [out: string, err: string]> {
  const screen = (isTTY: boolean): Screen & PassThrough => Object.assign(new PassThrough(), { isTTY });
  const [out, err] = [screen(terminals.out), screen(terminals.err)];
  const writer = createOutputWriter({ out, err, hint: (line) => void err.write(`${line}\n`) }, options);
  for (const event of events) await writer.show(event);
  await writer.end();
  return Promise.all([text(out.end()), text(err.end())]);
}

const BOTH = { out: true, err: true };

test('the last line is finished on the terminal that it stands on', async () => {
  expect(await written({ out: true, err: false }, [wrote('stdout', 'a')])).toEqual(['a\n', '']);
  expect(await written({ out: false, err: true }, [wrote('stderr', 'e')])).toEqual(['', 'e\n']);
  expect(await written(BOTH, [wrote('stderr', 'e'), wrote('stdout', 'a\n')])).toEqual(['a\n', 'e']);
  expect(await written(BOTH, [wrote('stdout', 'a')], { raw: true })).toEqual(['a\n', '']);
});

test('pipes get the bytes and nothing else', async () => {
  const bytes = [0x61, 0x0d, 0x1b, 0xc3];
  const pipes = { out: false, err: false };
  expect(await written(pipes, [wrote('stdout', bytes)])).toEqual([Buffer.from(bytes).toString(), '']);
});

test('what is held back is shown on its own stream before the next attempt', async () => {
  const [out, err] = await written(BOTH, [
    wrote('stdout', [0x61, 0xc3]),
    wrote('stderr', 'e\n'),
    { kind: 'attempt', attempt: 2 },
    wrote('stdout', 'b\n'),
  ]);
  expect(out).toBe('a\ufffd\nb\n');
  expect(err).toBe('e\n[attempt 2]\n');
});

test('a line end that is cut between two pieces is one', async () => {
  expect(await written(BOTH, [wrote('stdout', 'a\r'), wrote('stdout', '\nb\r\n')])).toEqual(['a\nb\n', '']);
});
