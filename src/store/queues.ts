/**
 * Queues: named lines of runs that can be claimed. One is there by being named, so none is ever made or removed; what
 * people set of one is kept until they take it back.
 */

import type { Instant } from '../domain/instant.ts';

/** Of how many priorities `waitingSince` looks: each is a step of its own. */
export const MOST_PRIORITIES = 20;

export interface QueueCounts {
  readonly name: string;
  /** In the queue. A delayed run counts from when a tick or a claim has promoted it. */
  readonly queued: number;
  readonly running: number;
  /** Whether none of its runs may be claimed. */
  readonly paused: boolean;
  /** How many of its runs may run at once, on all workers together; null for any number. */
  readonly maxRunning: number | null;
}

/** What is absent stays as it is. */
export interface QueueChange {
  /** Default of a queue: false. */
  readonly paused?: boolean;
  /** At least 1. Default of a queue: null, any number. */
  readonly maxRunning?: number | null;
}

export interface QueueStore {
  /** `default`, and every queue that has runs pending or running, or is paused or limited; by name. */
  queues(): Promise<QueueCounts[]>;

  /**
   * When the run became claimable that has waited longest in each of these queues; null for none. Of a queue with more
   * than 20 priorities in it, of the 20 highest.
   */
  waitingSince(names: readonly string[]): Promise<(Instant | null)[]>;

  /**
   * Pauses, resumes or limits a queue, from the next claim on. Runs that are running go on, also when they are more than
   * may run now; whatever ends one tells of work as soon as there is room. Resuming and raising tell of it at once.
   */
  setQueue(name: string, change: QueueChange): Promise<void>;
}
