/** Output, as readers get it: a page at a time, with its gaps told. */
import type { RunId } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import { BLOCK_BYTES, withoutFirst } from '../../../domain/output/block.ts';
import type { Frame } from '../../../domain/output/frame.ts';
import { decodeFrames } from '../../../domain/output/frame-codec.ts';
import { outputWindow } from '../../../domain/output/window.ts';
import type { OutputPage } from '../../output.ts';
import { splitRunId } from '../runs/run-rows.ts';
import type { Reading } from '../transaction/transaction.ts';

interface BlockRow {
  readonly start: number;
  readonly size: number;
  readonly frames: Uint8Array;
}

interface AttemptOutput {
  readonly run: number;
  readonly finished_at: Instant | null;
  readonly output_limit: number;
  readonly output_total: number;
}

export function readOutput(of: Reading, run: RunId, attempt: number, offset: number): OutputPage | null {
  const state = of.sql.one<AttemptOutput>(
    `SELECT a.run, a.finished_at, a.output_limit, a.output_total
     FROM jobs j JOIN runs r ON r.job = j.seq JOIN attempts a ON a.run = r.seq
     WHERE j.id = ? AND r.number = ? AND a.number = ?`,
    ...splitRunId(run),
    attempt,
  );
  if (state === undefined) return null;
  const total = state.output_total;
  const page = readPage(of, state, attempt, Math.max(0, Math.min(offset, total)));
  return { ...page, total, ended: state.finished_at !== null };
}

/** One stretch without a gap, of about a block; with what is missing before it. */
function readPage(
  of: Reading,
  state: AttemptOutput,
  attempt: number,
  offset: number,
): Pick<OutputPage, 'frames' | 'dropped' | 'next'> {
  const { head, keptFrom } = outputWindow(state.output_limit, state.output_total);
  const frames: Frame[] = [];
  let [first, next] = [offset, offset];
  for (const block of blocksFrom(of, state.run, attempt, offset)) {
    const skip = Math.max(next, block.start < head ? block.start : Math.max(block.start, keptFrom));
    if (skip >= block.start + block.size) continue;
    if (frames.length > 0 && (skip !== next || next - first + block.size > BLOCK_BYTES)) break;
    if (frames.length === 0) first = skip;
    frames.push(...withoutFirst(decodeFrames(block.frames), skip - block.start));
    next = block.start + block.size;
  }
  if (frames.length === 0) return { frames, dropped: state.output_total - offset, next: state.output_total };
  return { frames, dropped: first - offset, next };
}

function blocksFrom(of: Reading, run: number, attempt: number, offset: number): Iterable<BlockRow> {
  return of.sql.iterate<BlockRow>(
    `SELECT start, size, frames FROM output WHERE run = ?1 AND attempt = ?2 AND start >= coalesce(
       (SELECT max(start) FROM output WHERE run = ?1 AND attempt = ?2 AND start <= ?3), 0) ORDER BY start`,
    run,
    attempt,
    offset,
  );
}
