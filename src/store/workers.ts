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
  readonly startedAt: Instant;
  readonly lastSeenAt: Instant;
  /** Seen within a lease, and not stopped. */
  readonly alive: boolean;
}

export interface WorkerStore {
  /** Every 5 s, before the first claim, and at the end as `stopped`. */
  heartbeat(worker: WorkerInfo): Promise<void>;

  /** Those seen within a day, and any that still holds runs; newest start first. */
  workers(): Promise<WorkerRecord[]>;
}
