/** What ./jobsched.yaml may bring about, which anybody may have written: in /tmp, or in a repository that was cloned. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/folder.ts';
import { clientKey, isExposed, type ClientKey } from './client-key.ts';
import { DEFAULT_SERVER, findServer, type ServerChoice } from './client.ts';
import { thisMachine } from './machine.ts';

const STRANGER = 'http://stranger.example';
const OURS = 'https://ours.example';

let folder: TemporaryFolder;
let keyFile: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  for (const name of ['here', 'config/jobsched']) mkdirSync(join(folder.path, name), { recursive: true });
  keyFile = join(folder.path, 'key');
  writeFileSync(keyFile, 'jsk_file\n');
});
afterEach(() => folder.remove());

const working = (text: string): void => writeFileSync(join(folder.path, 'here/jobsched.yaml'), text);
const own = (text: string): void => writeFileSync(join(folder.path, 'config/jobsched/config.yaml'), text);

/** What is shown to the server that is found. */
async function shown(env: Readonly<Record<string, string>> = {}, choice: ServerChoice = {}): Promise<ClientKey> {
  const cwd = join(folder.path, 'here');
  const machine = { ...thisMachine(), cwd, env: { XDG_CONFIG_HOME: join(folder.path, 'config'), ...env } };
  return clientKey(undefined, await findServer(choice, machine), machine);
}

describe('a server that only the working folder names', () => {
  beforeEach(() => working(`server: ${STRANGER}\n`));

  it('is shown no key that is for no server in particular', async () => {
    const withheld = { key: null, withheld: 'server_of_folder' };
    expect(await shown({ JOBSCHED_KEY: 'jsk_exported' })).toMatchObject({ ...withheld, from: 'JOBSCHED_KEY' });
    expect(await shown({ JOBSCHED_KEY_FILE: keyFile })).toMatchObject({ ...withheld, from: 'JOBSCHED_KEY_FILE' });
    expect(await shown({ JOBSCHED_KEY: 'jsk_exported', JOBSCHED_CONTEXT: 'default' })).toMatchObject(withheld);
    own(`key_file: ${keyFile}\n`);
    expect(await shown()).toMatchObject(withheld);
  });

  it('is shown the key of whoever names it too', async () => {
    own(`server: ${STRANGER}\nkey_file: ${keyFile}\n`);
    expect(await shown()).toMatchObject({ key: 'jsk_file' });
    expect(await shown({ JOBSCHED_SERVER: STRANGER, JOBSCHED_KEY: 'jsk_exported' })).toMatchObject({
      key: 'jsk_exported',
    });
    expect(await shown({ JOBSCHED_KEY: 'jsk_exported' }, { server: STRANGER })).toMatchObject({ key: 'jsk_exported' });
  });

  it('is one like any other when it is the default', async () => {
    working(`server: ${DEFAULT_SERVER}\n`);
    expect(await shown({ JOBSCHED_KEY: 'jsk_exported' })).toMatchObject({ key: 'jsk_exported' });
  });
});

describe('a key that the working folder names', () => {
  it('is shown to nobody', async () => {
    working(`server: ${STRANGER}\nkey_file: ${keyFile}\n`);
    const withheld = { key: null, withheld: 'file_of_folder' };
    expect(await shown()).toMatchObject(withheld);
    expect(await shown({}, { server: OURS })).toMatchObject(withheld);
    working('key_file: nowhere\n');
    expect(await shown()).toMatchObject(withheld);
  });

  it('does not stand in the way of the one in a file of the user’s own', async () => {
    working(`key_file: nowhere\n`);
    own(`server: ${OURS}\nkey_file: ${keyFile}\n`);
    expect(await shown()).toMatchObject({ key: 'jsk_file' });
  });
});

describe('a key without a server', () => {
  it('is shown to the default, and to what the user’s own file, the environment or a flag names', async () => {
    const key = { JOBSCHED_KEY: 'jsk_exported' };
    expect(await shown(key)).toMatchObject({ key: 'jsk_exported', from: 'JOBSCHED_KEY' });
    expect(await shown(key, { server: OURS })).toMatchObject({ key: 'jsk_exported' });
    expect(await shown({ ...key, JOBSCHED_SERVER: OURS })).toMatchObject({ key: 'jsk_exported' });
    own(`server: ${OURS}\n`);
    expect(await shown(key)).toMatchObject({ key: 'jsk_exported' });
  });
});

describe('a file with a key', () => {
  it.each([
    [0o600, false],
    [0o640, false],
    [0o601, false],
    [0o602, false],
    [0o604, true],
    [0o644, true],
  ])('of mode %o: whether others can read it is %s', (mode, expected) => {
    chmodSync(keyFile, mode);
    expect(isExposed(keyFile)).toBe(expected);
  });
});
