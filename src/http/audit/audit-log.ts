/**
 * The audit log as the server keeps it: a line of the log at once, and soon the store. Nobody waits for it: entries are
 * written together, some twenty times a second at most, and are tried again while the engine is away. A server that is
 * killed may owe the store what the last moments brought; its log has it, but for the very last.
 */
import { SECOND, type Millis } from '../../domain/instant.ts';
import type { Logger } from '../../log.ts';
import { auditWeight, type NewAuditEntry } from '../../store/audit.ts';
import { MOST_ITEMS, type Store } from '../../store/store.ts';
import { newUuid } from '../../uuid.ts';

/** Together, so that SQLite writes to the disk once. */
const EVERY: Millis = 50;
/** While the engine is away. */
const AGAIN: Millis = SECOND;
/**
 * Things that the entries tell of which wait for the engine, or are being written; beyond it the oldest that wait are in
 * the log alone. Some 4 MB.
 */
const MOST_WAITING = 10_000;

export interface AuditLog {
  record(entry: Omit<NewAuditEntry, 'id'>): void;
  /** Resolves when the store has all of it, or one attempt to give it that has failed. */
  flush(): Promise<void>;
  /** The same, and no more attempts. */
  stop(): Promise<void>;
}

export function createAuditLog(store: Pick<Store, 'appendAudit'>, logger: Logger): AuditLog {
  const waiting: NewAuditEntry[] = [];
  let things = 0;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let stopped = false;
  let lost = 0;

  const wake = (after: Millis): void => {
    if (timer === null && !stopped) timer = setTimeout(() => void flush(), after);
  };

  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // Those of before first, then what has come meanwhile.
    await writing;
    writing ??= write().finally(() => (writing = null));
    await writing;
  };

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const some = waiting.splice(0, MOST_ITEMS);
      try {
        await store.appendAudit(some);
        things -= weightOf(some);
      } catch (error) {
        waiting.unshift(...some);
        makeRoom();
        logger.debug({ err: error, waiting: waiting.length }, 'the audit log cannot be written');
        wake(AGAIN);
        return;
      }
    }
  };

  /** The oldest of those that wait go. */
  const makeRoom = (): void => {
    while (things > MOST_WAITING) {
      const oldest = waiting.shift();
      if (oldest === undefined) return;
      things -= auditWeight(oldest);
      lost += 1;
      if (lost === 1) logger.warn('the engine is away for so long that entries of the audit log are in this log alone');
    }
  };

  return {
    record: (entry) => {
      logger.info({ audit: entry }, entry.action);
      waiting.push({ id: newUuid(), ...entry });
      things += auditWeight(entry);
      makeRoom();
      wake(EVERY);
    },
    flush,
    stop: async () => {
      stopped = true;
      await flush();
    },
  };
}

const weightOf = (entries: readonly NewAuditEntry[]): number =>
  entries.reduce((sum, entry) => sum + auditWeight(entry), 0);
