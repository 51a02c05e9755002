/** Workers, as they report themselves. */
import type { WorkerId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';

/**
 * Which process a worker is, so that another can tell whether it still lives. A process id alone says nothing: each
 * container counts its own from 1, often under the same host name, and the system uses them again. Null: not known here.
 */
export interface ProcessInstance {
  /** Of the running kernel: changes with every boot, and differs between machines. */
  readonly bootId: string | null;
  /** The namespace in which the process id counts, such as `pid:[4026531836]`. Means nothing in another boot. */
  readonly pidNamespace: string | null;
  /** When the process began, in the kernel's ticks since boot. */
  readonly startedTicks: number | null;
}

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
