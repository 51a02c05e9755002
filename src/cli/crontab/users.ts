/** The users that this machine knows by itself; those of a directory service are not among them. */
import { readFile } from 'node:fs/promises';

export const USERS_FILE = '/etc/passwd';

/** Null where there is no such file. */
export async function usersOfMachine(file = USERS_FILE): Promise<ReadonlySet<string> | null> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n');
    return new Set(lines.flatMap((line) => /^[^:#+-][^:]*(?=:)/.exec(line)?.[0] ?? []));
  } catch {
    // Windows has none, and nobody needs it: it only serves to warn.
    return null;
  }
}
