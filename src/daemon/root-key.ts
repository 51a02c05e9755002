/**
 * Where the kernel does not tell whose a connection is, root's server can let nobody in without a key: whoever asked could
 * become root. So at a start without any, the first one is made, and lies in the data folder, which root alone can read.
 *
 * No command takes it from there by itself: while the server is down, another user may listen at its port, and would be
 * shown it.
 */
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobschedError } from '../errors.ts';
import { readSocketTables } from '../http/guard/local-user.ts';
import type { AuthMode } from '../http/guard/identify.ts';
import { hashSecret, newKeySecret } from '../http/keys/secret.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';

export interface RootKeyOptions {
  readonly auth: AuthMode;
  readonly uid: number | null;
  /** The data folder; null for a server that has none. */
  readonly folder: string | null;
  readonly store: Pick<Store, 'keys' | 'createKey'>;
  readonly logger: Logger;
  /** Null where the system has no such tables. */
  readonly readTables?: () => Promise<string | null>;
}

const NAME = 'root';

/** @throws JobschedError `invalid_config` when one is needed and there is no folder for it. */
export async function makeRootKey(options: RootKeyOptions): Promise<void> {
  const { auth, uid, folder, store, logger, readTables = readSocketTables } = options;
  if (uid !== 0 || auth === 'none' || (await readTables()) !== null || (await store.keys()).length > 0) return;
  if (folder === null) throw needsKey();
  const secret = newKeySecret();
  const file = join(folder, `${NAME}.key`);
  // First the file: a key that nobody has would lock everybody out.
  await rm(file, { force: true });
  await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  await store.createKey({ id: randomUUID(), name: NAME, role: 'admin', hash: hashSecret(secret), expiresAt: null });
  logger.warn({ file }, `this system does not tell whose a connection is: ask with the key in ${file}, by --key-file`);
}

function needsKey(): JobschedError {
  return new JobschedError(
    'invalid_config',
    'this system does not tell whose a connection is, and there is no key to know anybody by',
    {
      field: '--auth',
      hint: 'Start jobsched as an ordinary user; or start it with --auth none, make a key with `jobsched key create me --role admin`, and start it again without.',
    },
  );
}
