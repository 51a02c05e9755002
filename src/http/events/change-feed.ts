/**
 * What changes in the store, told to everyone in this process who watches: one reader of the store, however many they
 * are.
 *
 *   idle ──first watcher──► watching ──last one leaves──► idle
 *     └──────────stop───────────┴──────────► stopped
 *
 * While somebody watches, the store is asked when it hints at a change, and every 5 s in case a hint was lost. Hints
 * that come while it is asked are one more question, not one each.
 */
import { SECOND } from '../../domain/instant.ts';
import type { Logger } from '../../log.ts';
import type { Changes, ChangeId } from '../../store/views.ts';
import type { Store } from '../../store/store.ts';

export const SWEEP_EVERY = 5 * SECOND;

export interface ChangeFeed {
  /**
   * Calls the watcher with every batch of changes from now on, in order. It must not throw.
   *
   * @returns where the feed stands, so that what came before can be read from the store; and the end of it.
   */
  watch(watcher: (batch: Changes) => void): Promise<{ readonly position: ChangeId; end(): void }>;
  /** Resolves at the next hint of a change, and at once when the signal is aborted; after `ms` at the latest. */
  nextHint(ms: number, signal: AbortSignal): Promise<void>;
  /** Nothing is asked or told any more. */
  stop(): void;
}

type FeedStore = Pick<Store, 'changes' | 'subscribe'>;

export function createChangeFeed(store: FeedStore, logger: Logger): ChangeFeed {
  return new Feed(store, logger);
}

class Feed implements ChangeFeed {
  readonly #store: FeedStore;
  readonly #logger: Logger;
  readonly #watchers = new Set<(batch: Changes) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #sweep: NodeJS.Timeout | null = null;
  #position: Promise<ChangeId> | null = null;
  #asking = false;
  #askAgain = false;
  #stopped = false;

  constructor(store: FeedStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
    this.#unsubscribe = store.subscribe((hint) => {
      if (hint.kind === 'change') this.#hinted();
    });
  }

  async watch(watcher: (batch: Changes) => void): Promise<{ readonly position: ChangeId; end(): void }> {
    this.#position ??= this.#store.changes(null).then((start) => start.next);
    this.#watchers.add(watcher);
    this.#sweep ??= setInterval(() => this.#hinted(), SWEEP_EVERY).unref();
    try {
      const position = await this.#position;
      return { position, end: () => this.#leave(watcher) };
    } catch (error) {
      this.#leave(watcher);
      throw error;
    }
  }

  nextHint(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#watchers.clear();
    this.#rest();
    for (const wake of this.#waiting) wake();
  }

  #leave(watcher: (batch: Changes) => void): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size === 0) this.#rest();
  }

  /** The position is forgotten: the next watcher begins at what is new by then. */
  #rest(): void {
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
    this.#position = null;
  }

  #hinted(): void {
    for (const wake of this.#waiting) wake();
    this.#askAgain = true;
    if (!this.#asking) void this.#ask();
  }

  /** Asks until there is nothing new and nobody hinted meanwhile. Never inside the hint's own turn: see `Hints`. */
  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      await Promise.resolve();
      while (this.#askAgain && this.#position !== null) {
        this.#askAgain = false;
        if (await this.#askOnce(this.#position)) this.#askAgain = true;
      }
    } catch (error) {
      // The next hint or sweep asks again.
      this.#logger.warn({ err: error }, 'cannot read what changed');
    } finally {
      this.#asking = false;
    }
  }

  /** @returns whether there may be more. */
  async #askOnce(from: Promise<ChangeId>): Promise<boolean> {
    const since = await from;
    const batch = await this.#store.changes(since);
    // Everyone left meanwhile, and somebody new may have come: that one's position is another.
    if (this.#position !== from || (batch.changes.length === 0 && !batch.gap)) return false;
    this.#position = Promise.resolve(batch.next);
    for (const watcher of this.#watchers) watcher(batch);
    return batch.next !== since;
  }
}
