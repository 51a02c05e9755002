/**
 * `submit --from`: a job for each line, a thousand in a request. A line is a shell command, or a job as JSON; what the
 * flags say holds for all of them, and a line of JSON may say otherwise. Blank lines and those that start with # are
 * passed over.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatData, isData, jsonLine, selected } from '../print/data.ts';
import { EXIT, exitCodeFor } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { idLine } from '../print/id-line.ts';
import { progress } from '../print/progress.ts';
import type { Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import type { BulkItem, CheckItem, NewJobBody } from '../../client/client.ts';
import { lines } from '../../client/lines.ts';
import type { ErrorCode } from '../../errors.ts';

export interface ManyOptions {
  /** What the flags say. */
  readonly fields: Omit<NewJobBody, 'command'>;
  readonly dryRun?: true;
  readonly idempotencyKey?: string;
}

interface Line {
  readonly number: number;
  readonly body: NewJobBody;
  /** How much of the input has been read with it. */
  readonly read: number;
}

/** As many as the server takes at once, in number and in bytes, of which it takes 16 MiB. */
const MOST = 1_000;
const MOST_BYTES = 8 << 20;

/** @returns the exit code: of the first that was refused. */
export async function submitMany(session: Session, from: string, options: ManyOptions): Promise<number> {
  const { format, fields, out, err } = session;
  const total = from === '-' ? undefined : await sizeOf(resolve(session.cwd, from), from);
  const bar = progress(session, options.dryRun ? 'reading' : 'submitting');
  let [created, request] = [0, 0];
  const refusals: ErrorCode[] = [];
  const each = async ({ number }: Line, item: BulkItem | CheckItem): Promise<void> => {
    if (item.status !== 'refused') {
      if (format === 'id' && item.status !== 'valid') await write(out, idLine(item.job));
      if (format === 'jsonl') await write(out, jsonLine(selected(item.job, fields)));
      return;
    }
    refusals.push(item.problem.code);
    bar.end();
    err.write(refusalText(number, item.problem));
  };
  try {
    for await (const chunk of chunked(jobLines(session, from, options.fields))) {
      const results = await submitted(session, chunk, options, request);
      for (const [index, line] of chunk.entries()) await each(line, results[index] ?? unknown());
      request += 1;
      created += chunk.length;
      bar.show(chunk.at(-1)?.read ?? 0, total);
    }
  } finally {
    bar.end();
  }
  created -= refusals.length;
  const sentence = `${options.dryRun ? 'would create' : 'created'} ${created} job${created === 1 ? '' : 's'}\n`;
  if (!isData(format)) await write(out, sentence);
  else if (format === 'json' || format === 'yaml') {
    await write(out, await formatData({ created, refused: refusals.length }, format, null));
  }
  const [first] = refusals;
  return first === undefined ? EXIT.ok : exitCodeFor(first);
}

/** One request's, or what would become of it. */
async function submitted(
  { client }: Session,
  chunk: readonly Line[],
  { dryRun, idempotencyKey: key }: ManyOptions,
  request: number,
): Promise<readonly (BulkItem | CheckItem)[]> {
  const bodies = chunk.map(({ body }) => body);
  if (dryRun) return (await client.jobs.check(bodies)).results;
  const { results } = await client.jobs.createMany(bodies, key ? { idempotencyKey: `${key}:${request}` } : {});
  return results;
}

/** So many faults of one line are told. */
const MOST_FAULTS = 5;

type Problem = Extract<BulkItem, { status: 'refused' }>['problem'];

/** Every fault, each with its remedy: a field that is missing is mostly there, mistyped. */
function refusalText(number: number, { detail, errors = [] }: Problem): string {
  if (errors.length === 0) return `error: line ${number}: ${escapeLine(withoutPlace(detail))}\n`;
  const told = errors.slice(0, MOST_FAULTS).map(({ field, message, hint }) => {
    // As the server words them: most follow the field's name, a schedule's are sentences of their own.
    const sentence = /^["A-Z]/.test(message) ? message : `${withoutPlace(field)} ${message}`.trimStart();
    const remedy = hint == null ? '' : `  ${escapeLine(withoutPlace(hint))}\n`;
    return `error: line ${number}: ${escapeLine(sentence)}\n${remedy}`;
  });
  const more = errors.length - told.length;
  return told.join('') + (more > 0 ? `error: line ${number}: and ${more} more\n` : '');
}

/** Where it stands in a request says nothing to who wrote it in lines, or alone. */
export const withoutPlace = (detail: string): string => detail.replaceAll(/\bjobs\[\d+\]\.?/g, '');

function unknown(): never {
  throw new Error('the server answered for fewer jobs than it was sent');
}

async function sizeOf(path: string, from: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`--from ${from} cannot be read (${code})`);
  }
}

async function* jobLines(session: Session, from: string, fields: ManyOptions['fields']): AsyncGenerator<Line> {
  let read = 0;
  const input = from === '-' ? process.stdin : createReadStream(resolve(session.cwd, from));
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of input as AsyncIterable<Buffer>) {
      read += piece.length;
      yield piece;
    }
  };
  let number = 0;
  for await (const line of lines(counted())) {
    number += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    yield { number, read, body: { ...fields, ...bodyOf(text, number) } };
  }
}

/** @throws UsageError for a line that begins as JSON and is none. */
function bodyOf(text: string, number: number): NewJobBody {
  if (!text.startsWith('{')) return { command: text };
  try {
    return JSON.parse(text) as NewJobBody;
  } catch (error) {
    throw new UsageError(`line ${number} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function* chunked(all: AsyncIterable<Line>): AsyncGenerator<readonly Line[]> {
  let chunk: Line[] = [];
  let bytes = 0;
  for await (const line of all) {
    const size = JSON.stringify(line.body).length * 3;
    if (chunk.length > 0 && (chunk.length === MOST || bytes + size > MOST_BYTES)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(line);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
