/** The lines of `GET /api/runs/:ref/output?format=frames`, media type `application/x-ndjson`. */
import { z } from 'zod';
import { STREAMS } from '../../domain/output/frame.ts';
import { RUN_STATUSES } from '../../domain/run.ts';
import { count, time } from './scalar.ts';

const attempt = z.int().min(1).describe('The attempt it is about.');
const offset = count.describe("Where it stands in the attempt's output, both streams counted.");

const piece = {
  kind: z.literal('output').describe('Something the command wrote.'),
  attempt,
  offset,
  stream: z.enum(STREAMS).describe('To which it wrote.'),
  at: time.describe('When the worker saw it.'),
} as const;

export const outputLine = z
  .union([
    z.strictObject({
      kind: z
        .literal('attempt')
        .describe('The output of this attempt follows. The first line, and again after a retry.'),
      attempt,
    }),
    z.strictObject({ ...piece, text: z.string().describe('The bytes, when they are valid UTF-8.') }),
    z.strictObject({
      ...piece,
      base64: z.base64().describe('The bytes, when they are not, perhaps since a character was cut in two.'),
    }),
    z.strictObject({
      kind: z.literal('dropped').describe('Here bytes are missing that were not kept.'),
      attempt,
      offset,
      bytes: z.int().min(1).describe('How many, both streams counted.'),
    }),
    z.strictObject({
      kind: z.literal('end').describe('The last line.'),
      attempt: count.describe('The newest attempt; 0 when there was none.'),
      offset: count.describe('Where to read on, if `complete` is false.'),
      complete: z.boolean().describe('Whether the attempt has ended, so that nothing comes after this.'),
      status: z.enum(RUN_STATUSES).describe('Where the run stands.'),
    }),
  ])
  .meta({ id: 'OutputLine', description: 'A line of output, or about output.' });
export type OutputLine = z.infer<typeof outputLine>;

export const numberedLine = z
  .strictObject({
    n: z.int().min(1).describe('Its number, from 1 on.'),
    stream: z.enum(STREAMS).nullable().describe('To which it was written. Null: bytes are missing here.'),
    time: time.nullable().describe('When the worker saw its beginning. Null: bytes are missing here.'),
    text: z
      .string()
      .describe('Without its newline. What is not UTF-8 is shown as U+FFFD. More than 16 KiB come as several lines.'),
    dropped: z.int().min(1).nullable().describe('How many bytes are missing here, both streams counted. Else null.'),
  })
  .meta({ id: 'Line', description: 'A line of output; or a mark, where bytes are missing that were not kept.' });
export type NumberedLineView = z.infer<typeof numberedLine>;

export const lineList = z
  .strictObject({
    attempt: count.describe('Whose lines these are; 0 when there was no attempt yet.'),
    lines: z
      .array(numberedLine)
      .describe('From the wanted one on. May be fewer than asked: a reply holds about 1 MiB.'),
    total: count.describe('How many lines there are, as far as they are counted.'),
    complete: z
      .boolean()
      .describe('Whether all were counted that are there. A request counts 16 MiB: ask again for what lies beyond.'),
    ended: z.boolean().describe('Whether the attempt has ended, so that no others come. Until then the last may grow.'),
    dropped: count.describe('How many bytes are missing by now. When it grows, lines behind that got new numbers.'),
  })
  .meta({ id: 'Lines', description: 'Some lines of an attempt.' });
export type LineList = z.infer<typeof lineList>;

export const lineMatches = z
  .strictObject({
    attempt: count.describe('Whose lines were searched; 0 when there was no attempt yet.'),
    matches: z.array(numberedLine).describe('Lines with the text in them, in their order.'),
    next: z
      .string()
      .nullable()
      .describe(
        'Give it as `from` to search on; also when nothing was found: a request looks at 8 MiB. Null: at the end.',
      ),
  })
  .meta({ id: 'LineMatches', description: 'What a search in the output came to.' });
export type LineMatches = z.infer<typeof lineMatches>;

export const firstError = z
  .strictObject({
    attempt: count.describe('Whose lines were looked at; 0 when there was no attempt yet.'),
    error: numberedLine
      .nullable()
      .describe('The first line with a word for an error in it, such as error, fatal, exception or failed.'),
    stderr: numberedLine.nullable().describe('The first line on stderr, as far as was looked.'),
    next: z
      .string()
      .nullable()
      .describe('Give it as `from` to look on: a request looks at 8 MiB. Null: found, or at the end.'),
  })
  .meta({ id: 'FirstError', description: 'Where in an output the trouble most likely begins.' });
export type FirstErrorView = z.infer<typeof firstError>;
