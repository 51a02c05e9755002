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
