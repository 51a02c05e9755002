/** Workers, as they report themselves. */
import type { WorkerId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { ProcessInstance } from '../instance.ts';

export interface WorkerInfo {
  readonly id: WorkerId;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly instance: ProcessInstance;
  readonly version: string;
  readonly queues: readonly string[];
  readonly concurrency: number;
  readonly running: number;
  readonly state: 'active' | 'draining' | 'stopped';
}

export interface WorkerRecord extends WorkerInfo {
  /** `draining` also for one that was asked to and has not said so yet. */
  readonly state: WorkerInfo['state'];
  readonly startedAt: Instant;
  readonly lastSeenAt: Instant;
  /** Seen within a lease, and not stopped. */
  readonly alive: boolean;
}

export interface WorkerStore {
  /** Every 5 s, before the first claim, and at the end as `stopped`. `drain`: somebody asked it to claim no more. */
  heartbeat(worker: WorkerInfo): Promise<'ok' | 'drain'>;

  /**
   * Asks a worker to claim no more, and to let what it runs end. Its heartbeats are answered with that from then on, and it
   * is told by a hint; nobody takes it back. One that has stopped, or is not known, is `not_found`.
   */
  drainWorker(worker: WorkerId): Promise<'asked' | 'not_found'>;

  /** Those seen within a day, and any that still holds runs; newest start first. */
  workers(): Promise<WorkerRecord[]>;
}
