/** What a run is looked at with. */
import type { Instant } from '../../domain/instant.ts';
import type { QueueCounts } from '../../store/queues.ts';
import type { WorkerRecord } from '../../store/workers.ts';

export interface RunContext {
  /** The engine's: the server's own clock may be wrong. */
  readonly now: Instant;
  /** Who could take it: all that are known, dead ones too. */
  readonly workers: readonly WorkerRecord[];
  /** Where it may wait. */
  readonly queues: readonly QueueCounts[];
}
