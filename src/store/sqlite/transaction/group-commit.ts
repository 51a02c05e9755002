/**
 * The writes of one turn of the event loop share a transaction, since every COMMIT waits for the disk.
 *
 *   queued ──(end of the turn)──► BEGIN, each in a SAVEPOINT of its own, COMMIT ──► promises settle
 *
 * - An operation that throws is rolled back alone; the others are committed.
 * - Promises resolve only after COMMIT, so what a caller was told is on the disk.
 * - When the transaction as a whole fails, all of them reject, and nothing of it was written.
 * - What goes wrong after the commit is reported, and takes nothing back: it is on the disk.
 *
 * Something else that works on the connection, on another thread, never finds it free under a load that fills the event
 * loop. So such a thing pauses the writes, and lets one transaction pass between two of its steps.
 *
 * Each operation gathers its effects (what to count, what to tell) in an object of its own: those of a failed one are
 * forgotten with it, the others' become the transaction's.
 */
import type { DatabaseSync } from 'node:sqlite';

export interface Effects<Self> {
  /** Adds what another gathered. */
  add(other: Self): void;
}

export interface GroupCommitOptions<E extends Effects<E>> {
  /** @param before what the operations before did, in the same transaction; null for the transaction's own. */
  readonly newEffects: (before: E | null) => E;
  /** The last thing inside the transaction. */
  readonly beforeCommit: (effects: E) => void;
  /** Before any promise resolves. */
  readonly afterCommit: (effects: E) => void;
  /** Takes what `afterCommit` throws. */
  readonly report: (fault: unknown) => void;
  /** What callers are told of an error. */
  readonly translate: (error: unknown) => unknown;
}

interface Queued<E> {
  readonly operate: (effects: E) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  failure: { readonly error: unknown } | null;
}

export class GroupCommit<E extends Effects<E>> {
  readonly #db: DatabaseSync;
  readonly #options: GroupCommitOptions<E>;
  #queue: Queued<E>[] = [];
  #may: 'commit' | 'commit once' | 'wait' = 'commit';

  constructor(db: DatabaseSync, options: GroupCommitOptions<E>) {
    this.#db = db;
    this.#options = options;
  }

  /** Runs the operation, synchronously, in this turn's transaction. Resolves with what it returned, once committed. */
  async write<T>(operation: (effects: E) => T): Promise<T> {
    let result: { readonly value: T } | null = null;
    await new Promise<void>((resolve, reject) => {
      const operate = (effects: E): void => {
        result = { value: operation(effects) };
      };
      this.#queue.push({ operate, resolve, reject, failure: null });
      if (this.#queue.length === 1) setImmediate(() => this.#turn());
    });
    // TypeScript does not see the assignment in the closure.
    return (result as unknown as { readonly value: T }).value;
  }

  /** What is written waits from here on. */
  pause(): void {
    this.#may = 'wait';
  }

  /** Lets one transaction pass, and the next wait again. */
  letOnePass(): void {
    this.#may = 'commit once';
    this.#turn();
  }

  resume(): void {
    this.#may = 'commit';
    this.#turn();
  }

  #turn(): void {
    if (this.#may === 'wait' || this.#queue.length === 0) return;
    if (this.#may === 'commit once') this.#may = 'wait';
    this.flush();
  }

  /** Commits what is queued, now. */
  flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    let effects: E;
    try {
      effects = this.#transact(batch);
    } catch (error) {
      const told = this.#options.translate(error);
      for (const one of batch) one.reject(told);
      return;
    }
    this.#tell(effects);
    for (const one of batch) {
      if (one.failure === null) one.resolve();
      else one.reject(this.#options.translate(one.failure.error));
    }
  }

  #tell(effects: E): void {
    try {
      this.#options.afterCommit(effects);
    } catch (error) {
      this.#options.report(error);
    }
  }

  #transact(batch: readonly Queued<E>[]): E {
    const gathered = this.#options.newEffects(null);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const one of batch) this.#operate(one, gathered);
      this.#options.beforeCommit(gathered);
      this.#db.exec('COMMIT');
      return gathered;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #operate(one: Queued<E>, gathered: E): void {
    const effects = this.#options.newEffects(gathered);
    this.#db.exec('SAVEPOINT operation');
    try {
      one.operate(effects);
    } catch (error) {
      // SQLite ends the whole transaction by itself when the disk is full or fails.
      if (!this.#db.isTransaction) throw error;
      this.#db.exec('ROLLBACK TO operation; RELEASE operation');
      one.failure = { error };
      return;
    }
    this.#db.exec('RELEASE operation');
    gathered.add(effects);
  }
}
