import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { hashSecret } from '../http/keys/secret.ts';
import { openStore } from '../store/open.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { makeRootKey, type RootKeyOptions } from './root-key.ts';

const logger = pino({ level: 'silent' });

it('is made once, for root alone, where nobody can tell who asks', async () => {
  await using folder = await temporaryFolder();
  const store = await openStore({ kind: 'sqlite', file: join(folder.path, 'jobs.db'), clock: systemClock });
  const blind: RootKeyOptions = {
    auth: 'local',
    uid: 0,
    folder: folder.path,
    store,
    logger,
    readTables: async () => null,
  };
  for (const not of [{ uid: 1_000 }, { uid: null }, { auth: 'none' }, { readTables: async () => '' }] as const) {
    await makeRootKey({ ...blind, ...not });
  }
  expect(await store.keys()).toEqual([]);
  await expect(makeRootKey({ ...blind, folder: null })).rejects.toMatchObject({ code: 'invalid_config' });

  await makeRootKey(blind);
  const file = join(folder.path, 'root.key');
  const secret = (await readFile(file, 'utf8')).trim();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await store.findKey(hashSecret(secret))).toMatchObject({ name: 'root', role: 'admin', expiresAt: null });

  await makeRootKey(blind);
  await makeRootKey({ ...blind, folder: null });
  expect(await store.keys()).toHaveLength(1);
  expect((await readFile(file, 'utf8')).trim()).toBe(secret);
  await store.close();
});
