/** Output, as readers get it: a page at a time, with its gaps told. See lua/lib/output.lua for how it lies. */
import type { RunId } from '../../../domain/id.ts';
import { BLOCK_BYTES, bytesOf, withoutFirst } from '../../../domain/output/block.ts';
import type { Frame } from '../../../domain/output/frame.ts';
import { decodeFrames } from '../../../domain/output/frame-codec.ts';
import { outputWindow } from '../../../domain/output/window.ts';
import type { OutputPage } from '../../output.ts';
import { toArchived } from '../runs/archived-attempt.ts';
import { USUAL_OUTPUT_LIMIT } from '../jobs/facts.ts';
import { fieldsOf, numberField } from '../fields.ts';
import { seqOf } from '../runs/find-runs.ts';
import { RUN_FIELDS } from '../layout.ts';
import { MOST_TRIES, type RedisLink } from '../link/link.ts';
import { list, textOrNull } from '../link/reply.ts';
import { newestAttempt } from '../runs/run-hash.ts';

/** How many blocks a page is looked for in at once. One of these at most is small, but for those around gaps. */
const MOST_BLOCKS = 64;

interface AttemptOutput {
  /** What the keys of its blocks begin and end with: `<seq>:<attempt>`. */
  readonly key: string;
  readonly limit: number;
  readonly total: number;
  readonly kept: number;
  readonly ended: boolean;
}

interface BlockRange {
  readonly start: number;
  readonly end: number;
}

/** A block that a page needs, and from which of its bytes on. */
interface Piece {
  readonly start: number;
  readonly from: number;
}

type Stretch = Pick<OutputPage, 'frames' | 'dropped' | 'next'>;

export async function readOutput(
  link: RedisLink,
  run: RunId,
  attempt: number,
  offset: number,
): Promise<OutputPage | null> {
  const seq = await seqOf(link, run);
  if (seq === null) return null;
  for (let tries = 1; ; tries++) {
    const state = await readState(link, seq, attempt);
    if (state === null) return null;
    const from = Math.max(0, Math.min(offset, state.total));
    const blocks = await blocksFrom(link, state, from);
    const stretch = await readPieces(link, state, from, piecesOf(state, blocks, from));
    if (stretch === null && tries < MOST_TRIES) continue;
    const { frames, dropped, next } = stretch ?? nothing(state, from);
    // A block that grew since the look at it has more than was known.
    return { frames, dropped, next, total: Math.max(state.total, next), ended: state.ended };
  }
}

async function readState(link: RedisLink, seq: number, attempt: number): Promise<AttemptOutput | null> {
  const key = `${seq}:${attempt}`;
  for (let tries = 1; ; tries++) {
    const [run, archived] = await link.read([
      ['HGETALL', `${link.prefix}r:${seq}`],
      ['HGET', `${link.prefix}a:${seq}`, attempt],
    ]);
    const fields = fieldsOf(run);
    const newest = fields === null ? null : newestAttempt({ seq, fields });
    if (fields !== null && newest?.number === attempt) {
      return toState(key, newest, numberField(fields[RUN_FIELDS.output_limit]));
    }
    const text = textOrNull(archived);
    if (text !== null) {
      const earlier = toArchived(attempt, text);
      return toState(key, earlier.attempt, earlier.outputLimit);
    }
    // An earlier one that is not there has become the newest again in between: the claim after it was given back.
    if (attempt < 1 || attempt > (newest?.number ?? 0) || tries === MOST_TRIES) return null;
  }
}

function toState(
  key: string,
  {
    outputBytes,
    outputDropped,
    outcome,
  }: { readonly outputBytes: number; readonly outputDropped: number; readonly outcome: unknown },
  limit: number | null,
): AttemptOutput {
  const kept = outputBytes - outputDropped;
  return { key, limit: limit ?? USUAL_OUTPUT_LIMIT, total: outputBytes, kept, ended: outcome !== null };
}

/** The blocks from the one that holds the offset on. */
async function blocksFrom(link: RedisLink, { key, total, kept }: AttemptOutput, offset: number): Promise<BlockRange[]> {
  const blocks = `${link.prefix}b:${key}`;
  const [first, following] = await link.read([
    ['ZREVRANGEBYSCORE', blocks, offset, '-inf', 'LIMIT', 0, 1],
    ['ZRANGEBYSCORE', blocks, `(${offset}`, '+inf', 'LIMIT', 0, MOST_BLOCKS],
  ]);
  const listed = [...list(first), ...list(following)].map(toRange);
  if (listed.length > 0) return listed;
  // All of it in one block, which is not listed.
  return total > 0 && kept === total ? [{ start: 0, end: total }] : [];
}

/** `<start>:<end>`. */
function toRange(entry: unknown): BlockRange {
  const [start, end] = String(entry).split(':');
  return { start: Number(start), end: Number(end) };
}

/** One stretch without a gap, of about a block. */
function piecesOf({ limit, total }: AttemptOutput, blocks: readonly BlockRange[], offset: number): Piece[] {
  const { head, keptFrom } = outputWindow(limit, total);
  const pieces: Piece[] = [];
  let [first, next] = [offset, offset];
  for (const { start, end } of blocks) {
    const from = Math.max(next, start < head ? start : Math.max(start, keptFrom));
    if (from >= end) continue;
    if (pieces.length > 0 && (from !== next || end - first > BLOCK_BYTES)) break;
    if (pieces.length === 0) first = from;
    pieces.push({ start, from });
    next = end;
  }
  return pieces;
}

/** Null when one of them has gone. */
async function readPieces(
  link: RedisLink,
  state: AttemptOutput,
  offset: number,
  pieces: readonly Piece[],
): Promise<Stretch | null> {
  const [first] = pieces;
  if (first === undefined) return nothing(state, offset);
  const texts = await link.readBytes(pieces.map(({ start }) => ['GET', `${link.prefix}t:${state.key}:${start}`]));
  const frames: Frame[] = [];
  let next = offset;
  for (const [index, { start, from }] of pieces.entries()) {
    const text = texts[index];
    if (!Buffer.isBuffer(text)) return null;
    const decoded = decodeFrames(text);
    frames.push(...withoutFirst(decoded, from - start));
    next = start + bytesOf(decoded);
  }
  return { frames, dropped: first.from - offset, next };
}

/** When nothing from the offset on is kept. */
function nothing({ total }: AttemptOutput, offset: number): Stretch {
  return { frames: [], dropped: total - offset, next: total };
}
