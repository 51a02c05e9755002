/** What a child wrote, put behind what it wrote before. */
import type { WorkerId } from '../../../domain/id.ts';
import { bytesOf, toBlocks, withoutFirst, type Block } from '../../../domain/output/block.ts';
import { encodeFrames } from '../../../domain/output/frame-codec.ts';
import { outputWindow } from '../../../domain/output/window.ts';
import type { AppendResult, OutputChunk } from '../../output.ts';
import { heldOrAdoptedRun } from '../leases/hold.ts';
import { idOf, type RunRow } from '../runs/run-rows.ts';
import type { Transaction } from '../transaction/transaction.ts';

/**
 * A block that small appends have filled up to here is left alone: to rewrite more of it than a page or two for each of
 * them would cost more than the row that a new block takes.
 */
const GROWS_TO_BYTES = 8 * 1024;

interface OutputState {
  readonly output_limit: number;
  readonly output_total: number;
  readonly output_kept: number;
}

/** For whoever holds the run, or is to hold it again. */
export function appendOne(tx: Transaction, owner: WorkerId, chunk: OutputChunk): AppendResult {
  const run = heldOrAdoptedRun(tx, owner, chunk);
  return run === null ? 'lost' : appendOutput(tx, run, chunk);
}

/** Writes what of the chunk is new into the newest attempt of the run. */
export function appendOutput(
  tx: Transaction,
  run: RunRow,
  { offset, frames }: Pick<OutputChunk, 'offset' | 'frames'>,
): 'ok' | 'duplicate' {
  const state = readState(tx, run);
  const size = bytesOf(frames);
  const end = offset + size;
  if (size > 0 && end <= state.output_total) return 'duplicate';
  const total = Math.max(end, state.output_total);
  const fresh = withoutFirst(frames, Math.max(0, state.output_total - offset));
  const before = outputWindow(state.output_limit, state.output_total);
  const after = outputWindow(state.output_limit, total);
  const added = addBlocks(tx, run, toBlocks(fresh, end - bytesOf(fresh), after.head));
  const dropped = dropBlocks(tx, run, before.keptFrom, after.keptFrom);
  tx.sql.run(
    'UPDATE attempts SET output_total = ?, output_kept = ? WHERE run = ? AND number = ?',
    total,
    state.output_kept + added - dropped,
    run.seq,
    run.attempt,
  );
  tx.effects.changed('run', idOf(run));
  return 'ok';
}

function readState(tx: Transaction, run: RunRow): OutputState {
  const state = tx.sql.one<OutputState>(
    'SELECT output_limit, output_total, output_kept FROM attempts WHERE run = ? AND number = ?',
    run.seq,
    run.attempt,
  );
  if (state === undefined) throw new Error(`no attempt ${run.attempt} of run ${run.seq}`);
  return state;
}

/** @returns how many of the child's bytes that is. */
function addBlocks(tx: Transaction, run: RunRow, blocks: readonly Block[]): number {
  for (const [index, block] of blocks.entries()) {
    const frames = encodeFrames(block.frames);
    tx.effects.count('output', '', block.size);
    if (index > 0 || !growLast(tx, run, block, frames)) insertBlock(tx, run, block, frames);
  }
  return blocks.reduce((sum, { size }) => sum + size, 0);
}

function insertBlock(tx: Transaction, run: RunRow, { start, size }: Block, frames: Uint8Array): void {
  tx.sql.run(
    'INSERT INTO output (run, attempt, start, size, frames) VALUES (?, ?, ?, ?, ?)',
    run.seq,
    run.attempt,
    start,
    size,
    frames,
  );
}

/** Joins a small block to the one before it, when there is no gap between and neither head nor tail would be left. */
function growLast(tx: Transaction, run: RunRow, block: Block, frames: Uint8Array): boolean {
  const state = readState(tx, run);
  if (block.start === outputWindow(state.output_limit, 0).head) return false;
  const grown = tx.sql.run(
    `UPDATE output SET size = size + ?, frames = CAST(frames || ? AS BLOB)
     WHERE seq = (SELECT seq FROM output WHERE run = ? AND attempt = ? ORDER BY start DESC LIMIT 1)
       AND start + size = ? AND length(frames) + ? <= ?`,
    block.size,
    frames,
    run.seq,
    run.attempt,
    block.start,
    frames.byteLength,
    GROWS_TO_BYTES,
  );
  return grown === 1;
}

/** Lets go of what lay in [from, to). @returns how many of the child's bytes were stored of that. */
function dropBlocks(tx: Transaction, run: RunRow, from: number, to: number): number {
  if (from === to) return 0;
  const blocks = tx.sql.all<{
    readonly seq: number;
    readonly start: number;
    readonly size: number;
  }>(
    `SELECT seq, start, size FROM output
     WHERE run = ? AND attempt = ? AND start < ? AND start + size > ?`,
    run.seq,
    run.attempt,
    to,
    from,
  );
  let dropped = 0;
  for (const { seq, start, size } of blocks) {
    dropped += Math.min(start + size, to) - Math.max(start, from);
    if (start + size > to) continue;
    tx.sql.run('DELETE FROM output WHERE seq = ?', seq);
    tx.effects.count('output', '', -size);
  }
  return dropped;
}
