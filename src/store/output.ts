/** What children wrote, kept byte for byte, the first and the last of it. See `domain/output/`. */
import type { RunId, WorkerId } from '../domain/id.ts';
import type { Frame } from '../domain/output/frame.ts';

/**
 * A piece of one attempt's output. `offset` counts all bytes the child wrote before it, both streams together, also
 * those that are not sent: an offset beyond what is stored leaves a gap, which readers are told of.
 */
export interface OutputChunk {
  readonly run: RunId;
  readonly fence: number;
  readonly offset: number;
  readonly frames: readonly Frame[];
}

/** `ok`: what was new of it is stored. `duplicate`: nothing was, also for a bug of ours. `lost`: the attempt is not its owner's any more. */
export type AppendResult = 'ok' | 'duplicate' | 'lost';

export interface OutputPage {
  /** Frames in the order they were written, from the first stored byte at or after the asked offset. */
  readonly frames: readonly Frame[];
  /** How many bytes are missing between the asked offset and the first frame. */
  readonly dropped: number;
  /** Where to read on. */
  readonly next: number;
  /** All bytes the attempt has written so far. */
  readonly total: number;
  /** Whether the attempt has ended, so that nothing comes after `total`. */
  readonly ended: boolean;
}

export interface OutputStore {
  /**
   * Each attempt keeps a quarter of its job's `outputLimitBytes` from the start and the rest from the end. Adopts as
   * `renew` does, then appends: a failover that forgot the claim costs no attempt, whichever call comes first after it.
   */
  appendOutput(owner: WorkerId, chunks: readonly OutputChunk[]): Promise<AppendResult[]>;

  /**
   * About 64 KiB of output from `offset` on; a page may be shorter, and never ends at a gap without `next` being beyond
   * it. Null for an unknown run or attempt.
   */
  readOutput(run: RunId, attempt: number, offset: number): Promise<OutputPage | null>;
}
