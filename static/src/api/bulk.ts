/** One action on many jobs or runs. A request does a bounded number; we ask again until all is done. */
import type { BulkJobsOutcome, BulkRunsOutcome, JobAction, RunAction } from '../../../src/http/schema/bulk.ts';
import { serverNow } from '../clock.ts';
import { bodyFilter, type Filter } from '../filter/filter.ts';
import { request } from './request.ts';

export type BulkAction = JobAction | RunAction;

export interface BulkWish {
  readonly of: 'jobs' | 'runs';
  readonly action: BulkAction;
  /** Those of these ids, or all that the filter lets through. */
  readonly on: { readonly ids: readonly string[] } | { readonly filter: Filter };
  readonly force: boolean;
}

export interface BulkTally {
  readonly matched: number;
  readonly done: number;
  readonly refused: BulkJobsOutcome['refused'];
}

/** How many ids a request may name. */
const MOST_NAMED = 1_000;

/** Counts without doing anything. */
export const countBulk = (wish: BulkWish, signal: AbortSignal): Promise<BulkTally> => ask(wish, true, signal, () => {});

/** @param onProgress given the tally so far. */
export const doBulk = (
  wish: BulkWish,
  signal: AbortSignal,
  onProgress: (tally: BulkTally) => void,
): Promise<BulkTally> => ask(wish, false, signal, onProgress);

async function ask(
  wish: BulkWish,
  dryRun: boolean,
  signal: AbortSignal,
  onProgress: (tally: BulkTally) => void,
): Promise<BulkTally> {
  let tally: BulkTally = { matched: 0, done: 0, refused: [] };
  for (const on of pieces(wish.on)) {
    let cursor: string | null = null;
    do {
      const body: object = {
        action: wish.action,
        ...on,
        dry_run: dryRun,
        ...(wish.force && { force: true }),
        ...(cursor !== null && { cursor }),
      };
      const outcome: BulkJobsOutcome | BulkRunsOutcome = await request('POST', `api/${wish.of}/bulk`, { body, signal });
      tally = {
        matched: tally.matched + outcome.matched,
        done: tally.done + outcome.done,
        refused: [...tally.refused, ...outcome.refused],
      };
      onProgress(tally);
      cursor = outcome.next_cursor;
    } while (cursor !== null);
  }
  return tally;
}

function pieces(on: BulkWish['on']): readonly object[] {
  if ('filter' in on) return [{ filter: bodyFilter(on.filter, serverNow()) }];
  const count = Math.ceil(on.ids.length / MOST_NAMED);
  return Array.from({ length: count }, (_, piece) => ({
    ids: on.ids.slice(piece * MOST_NAMED, (piece + 1) * MOST_NAMED),
  }));
}
