/** Where the data lies → a store. Alone knows the engines. */
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { makeDataFolder } from './data-folder.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store } from './store.ts';

/** One kind for each engine. */
export interface StoreLocation {
  readonly kind: 'sqlite';
  /** The database file. */
  readonly file: string;
  readonly clock: Clock;
  /** Takes bugs that no caller is told of, such as a listener that throws. Default: a warning of the process. */
  readonly report?: (fault: unknown) => void;
}

/** @throws JobschedError `data_in_use`, `data_unwritable`, `data_newer`, `data_damaged` or `engine_full`. */
export async function openStore({ kind: _, ...options }: StoreLocation): Promise<Store> {
  makeDataFolder(dirname(options.file));
  return openSqliteStore(options);
}
