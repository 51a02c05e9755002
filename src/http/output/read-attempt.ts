/**
 * One run's output as a sequence of pieces, whatever form they are sent in: from an attempt's offset to its end, and when
 * followed, on until the run ends, over its retries.
 */
import type { RunId } from '../../domain/id.ts';
import { isFinal } from '../../domain/run-state.ts';
import type { Frame, Stream } from '../../domain/output/frame.ts';
import type { Run } from '../../domain/run.ts';
import type { OutputPage } from '../../store/output.ts';
import type { Store } from '../../store/store.ts';
import type { ChangeFeed } from '../events/change-feed.ts';

export type Piece =
  /** What follows is this attempt's. */
  | { readonly kind: 'attempt'; readonly attempt: number }
  | { readonly kind: 'output'; readonly attempt: number; readonly offset: number; readonly frame: Frame }
  /** So many bytes are missing here. */
  | { readonly kind: 'dropped'; readonly attempt: number; readonly offset: number; readonly bytes: number }
  /** Nothing more is sent. `complete`: since nothing more comes. */
  | {
      readonly kind: 'end';
      readonly attempt: number;
      readonly offset: number;
      readonly complete: boolean;
      readonly run: Run;
    };

export interface ReadRequest {
  readonly run: Run;
  /** The first attempt to be read; 0 when there is none yet. */
  readonly attempt: number;
  /** Only that attempt, also when another follows. */
  readonly only: boolean;
  readonly offset: number;
  readonly stream: Stream | null;
  readonly follow: boolean;
}

interface Sources {
  readonly store: Pick<Store, 'readOutput' | 'getRun'>;
  readonly changes: Pick<ChangeFeed, 'nextHint'>;
}

/** How long a follower waits for a hint before it looks again: output that trickles may come without one. */
const LOOK_AGAIN_MS = 500;

/** Stops quietly, without an `end`, when the signal is aborted. */
export async function* readPieces(sources: Sources, request: ReadRequest, gone: AbortSignal): AsyncGenerator<Piece> {
  let { run } = request;
  let attempt = request.attempt;
  let offset = request.offset;
  let complete = false;
  for (;;) {
    if (attempt > 0) {
      yield { kind: 'attempt', attempt };
      ({ offset, complete } = yield* readAttempt(sources, { ...request, attempt, offset }, gone));
    }
    if (gone.aborted) return;
    if (!request.follow || (request.only && attempt > 0)) break;
    const next = await nextAttempt(sources, run.id, attempt, gone);
    if (next === null) return;
    run = next;
    if (next.attempt <= attempt) break;
    attempt += 1;
    offset = 0;
  }
  const now = await sources.store.getRun(run.id);
  yield { kind: 'end', attempt, offset, complete: complete || attempt === 0, run: now?.run ?? run };
}

interface Reached {
  readonly offset: number;
  readonly complete: boolean;
}

async function* readAttempt(sources: Sources, request: ReadRequest, gone: AbortSignal): AsyncGenerator<Piece, Reached> {
  const { run, attempt, follow, stream } = request;
  let { offset } = request;
  while (!gone.aborted) {
    const page = await sources.store.readOutput(run.id, attempt, offset);
    // Trimmed meanwhile: nothing more of it can come.
    if (page === null) return { offset, complete: true };
    yield* piecesOf(page, { attempt, offset, stream });
    const moved = page.next > offset;
    offset = page.next;
    if (moved) continue;
    if (page.ended || !follow) return { offset, complete: page.ended };
    await sources.changes.nextHint(LOOK_AGAIN_MS, gone);
  }
  return { offset, complete: false };
}

/** A page of it, read from an offset on. */
export function* piecesOf(
  page: OutputPage,
  { attempt, offset, stream }: Pick<ReadRequest, 'attempt' | 'offset' | 'stream'>,
): Generator<Piece> {
  if (page.dropped > 0) yield { kind: 'dropped', attempt, offset, bytes: page.dropped };
  let at = offset + page.dropped;
  for (const frame of page.frames) {
    if (stream === null || frame.stream === stream) yield { kind: 'output', attempt, offset: at, frame };
    at += frame.bytes.length;
  }
}

/** Waits until the run has a newer attempt or is final. Null when it is gone, or nobody waits any more. */
async function nextAttempt(sources: Sources, id: RunId, attempt: number, gone: AbortSignal): Promise<Run | null> {
  while (!gone.aborted) {
    const found = await sources.store.getRun(id);
    if (found === null) return null;
    if (found.run.attempt > attempt || isFinal(found.run.status)) return found.run;
    await sources.changes.nextHint(LOOK_AGAIN_MS, gone);
  }
  return null;
}
