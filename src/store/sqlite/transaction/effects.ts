/** What an operation does beside its rows: what is counted and what is told. Kept apart until it is committed. */
import type { TotalKind } from '../../totals.ts';
import type { Change } from '../../views.ts';
import type { Seen } from '../leases/contact.ts';

export type CounterKind =
  /** By `once`, `scheduled`, `paused`, `finished`. */
  | 'jobs'
  /** Once jobs whose runs are all final. */
  | 'done'
  /** Runs by status. */
  | 'runs'
  /** Runs by queue: pending in any place, in the queue, running. */
  | 'pending'
  | 'queued'
  | 'running'
  /** Bytes of the children's that are stored. */
  | 'output'
  /** What the entries of the audit log tell of. */
  | 'audit'
  | TotalKind;

export interface Count {
  readonly kind: CounterKind;
  readonly key: string;
  by: number;
}

export class TransactionEffects {
  /** What the operations before this one did, in the same transaction; null for the transaction's own. */
  readonly before: TransactionEffects | null;
  readonly counts = new Map<string, Count>();
  /** Once for each thing. */
  readonly changes = new Map<string, Omit<Change, 'id'>>();
  /** Queues that work may have come to. */
  readonly work = new Set<string>();
  /** Runs whose workers are to end them. */
  readonly cancels = new Set<string>();
  /** Workers that are to claim no more. */
  readonly drains = new Set<string>();
  /** Whether `tick` would return something earlier than it said. */
  earlier = false;
  /** How the engine and those who use it saw each other; null when this says nothing about it. */
  contact: Seen | null = null;

  constructor(before: TransactionEffects | null = null) {
    this.before = before;
  }

  count(kind: CounterKind, key: string, by: number): void {
    if (by === 0) return;
    const id = `${kind}:${key}`;
    const known = this.counts.get(id);
    if (known === undefined) this.counts.set(id, { kind, key, by });
    else known.by += by;
  }

  /** What the transaction has counted so far, and not written yet. */
  countOf(kind: CounterKind, key: string): number {
    return (this.before?.countOf(kind, key) ?? 0) + (this.counts.get(`${kind}:${key}`)?.by ?? 0);
  }

  changed(kind: Change['kind'], ref: string): void {
    this.changes.set(`${kind}:${ref}`, { kind, ref });
  }

  add(other: TransactionEffects): void {
    for (const { kind, key, by } of other.counts.values()) this.count(kind, key, by);
    for (const [id, change] of other.changes) this.changes.set(id, change);
    for (const queue of other.work) this.work.add(queue);
    for (const run of other.cancels) this.cancels.add(run);
    for (const worker of other.drains) this.drains.add(worker);
    this.earlier ||= other.earlier;
    this.contact = other.contact ?? this.contact;
  }
}
