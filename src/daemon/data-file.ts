/** A standalone's data: one file, with the output of its runs, in the data folder. */
import { join } from 'node:path';
import { makeDataFolder } from '../store/data-folder.ts';
import { isThere, requireUnused, restoreBackup } from '../store/open.ts';

export { notABackup, notForABackup, verifyBackup } from '../store/open.ts';

export const dataFile = (folder: string): string => join(folder, 'jobsched.db');

export const hasData = (folder: string): boolean => isThere(dataFile(folder));

/** @throws JobschedError `data_in_use` when a daemon is at the data of the folder. */
export const requireNoDaemon = (folder: string): void => requireUnused(dataFile(folder));

/**
 * Puts a backup into the data folder, which is made where there is none.
 *
 * @returns where what was there before is kept; null when nothing was.
 * @throws JobschedError `data_in_use` when a daemon is at the data; `data_damaged`, `data_newer`, `data_unwritable`.
 */
export function restoreData(backup: string, folder: string): string | null {
  makeDataFolder(folder);
  return restoreBackup(backup, dataFile(folder));
}
