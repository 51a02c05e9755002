/** Where the data lies → a store. Alone knows the engines. */
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { makeDataFolder } from './data-folder.ts';
import type { RedisAddress } from './redis/link/address.ts';
import type { Durability } from './redis/link/durability.ts';
import { openRedisStore } from './redis/redis-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store } from './store.ts';

export { redisAddress } from './redis/link/address.ts';
export { notABackup, notForABackup, verifyBackup } from './sqlite/backup/backup-file.ts';
export { isThere, requireUnused, restoreBackup } from './sqlite/backup/restore.ts';
export type { RedisAddress };

/** One kind for each engine. */
export type StoreLocation = SqliteLocation | RedisLocation;

interface Told {
  /**
   * Takes what no caller is told of: bugs such as a listener that throws, and an engine that was lost or is set up so
   * that it may lose data. Default: a warning of the process.
   */
  readonly report?: (fault: unknown) => void;
}

export interface SqliteLocation extends Told {
  readonly kind: 'sqlite';
  /** The database file. */
  readonly file: string;
  readonly clock: Clock;
}

export interface RedisLocation extends Told {
  readonly kind: 'redis';
  /** See {@link redisAddress} for how people write it. */
  readonly address: RedisAddress;
  /** What tells installations on one Redis apart. Default: `js`. */
  readonly prefix?: string;
  /** See {@link Durability}. Default: `engine`. */
  readonly durability?: Durability;
  /** Called with a sentence when something that `report` told of has passed. */
  readonly recovered?: (news: string) => void;
  /** A test's time, which the engine takes for its own. Default: Redis's clock. */
  readonly clock?: Clock;
}

/**
 * @throws JobschedError for a file: `data_in_use`, `data_unwritable`, `data_newer`, `data_damaged` or `engine_full`; for a
 *   Redis: `engine_unavailable`, `engine_read_only`, `engine_full`, `data_newer` or `data_damaged`.
 */
export async function openStore(location: StoreLocation): Promise<Store> {
  if (location.kind === 'redis') return openRedisStore(location);
  makeDataFolder(dirname(location.file));
  return openSqliteStore(location);
}
