/**
 * Which key the command line shows to its server. Never one that was typed: everybody on the machine could read it in
 * `ps`, and the shell keeps it. Never the key of one server to another: a key that stands beside a server, in a context,
 * the environment or a file, is for that one. And none because ./jobsched.yaml says so: whoever can write in a folder
 * would get the keys of all who work there. It names no key, and a key that is for no server in particular is not shown to
 * the server that it names.
 */
import { readFileSync, statSync } from 'node:fs';
import { JobschedError } from '../errors.ts';
import { DEFAULT_SERVER, parseServer, type ServerAddress } from './client.ts';
import type { Machine } from './machine.ts';
import { fileSource, folderFile, ownFiles } from './sources.ts';

export interface ClientKey {
  /** Null: none. */
  readonly key: string | null;
  /** Who gives it, or who has one that is withheld. */
  readonly from: string | null;
  readonly withheld: Withheld | null;
  /** The file that it was read from, when others on this machine can read it too. */
  readonly exposed: string | null;
}

/** Why a key is not shown: it is another's; only ./jobsched.yaml names the server; only ./jobsched.yaml names the key. */
export type Withheld = 'other_server' | 'server_of_folder' | 'file_of_folder';

export const NO_KEY: ClientKey = { key: null, from: null, withheld: null, exposed: null };

/**
 * `--key-file` > the context's, and with a context no other > `JOBSCHED_KEY` > `JOBSCHED_KEY_FILE` > `key_file:` in the
 * user's and the system's file > none.
 *
 * @throws JobschedError `invalid_config` for a file that cannot be read, or holds no key.
 */
export async function clientKey(
  flag: string | undefined,
  address: ServerAddress,
  machine: Machine,
): Promise<ClientKey> {
  const { context } = address;
  if (flag !== undefined) return ofFile(flag, '--key-file');
  if (context !== null) {
    const from = `the context ${context.name}`;
    if (context.keyFile !== null) return ofFile(context.keyFile, from);
    return context.key === null ? NO_KEY : given(checkKey(context.key, from), from);
  }
  const { JOBSCHED_KEY: key, JOBSCHED_KEY_FILE: file, JOBSCHED_SERVER: server } = machine.env;
  const beside = server ? parseServer(server, 'JOBSCHED_SERVER') : null;
  if (key) return offered('JOBSCHED_KEY', beside, address, (from) => checkKey(key, from));
  if (file) return offered('JOBSCHED_KEY_FILE', beside, address, (from) => readKey(file, from));
  return inFiles(address, machine);
}

async function inFiles(address: ServerAddress, machine: Machine): Promise<ClientKey> {
  for (const path of ownFiles(machine)) {
    const values = await valuesOf(path);
    const value = values?.get('key_file');
    if (value === undefined) continue;
    const server = values?.get('server');
    const beside = server === undefined ? null : parseServer(server, `server in ${path}`);
    const file = typeof value === 'string' ? value : '';
    return offered(`key_file (${path})`, beside, address, (from) => readKey(file, from));
  }
  const path = folderFile(machine);
  const isNamed = (await valuesOf(path))?.has('key_file') === true;
  return isNamed ? { ...NO_KEY, from: `key_file (${path})`, withheld: 'file_of_folder' } : NO_KEY;
}

async function valuesOf(path: string): Promise<ReadonlyMap<string, unknown> | null> {
  const source = await fileSource(path);
  return source && 'values' in source ? source.values : null;
}

/** @param beside the server that stands beside the key. Null: none. */
function offered(from: string, beside: URL | null, address: ServerAddress, read: (from: string) => string): ClientKey {
  const withheld = objection(beside, address);
  return withheld === null ? given(read(from), from) : { ...NO_KEY, from, withheld };
}

function objection(beside: URL | null, { url, isOfFolder }: ServerAddress): Withheld | null {
  if (beside !== null) return beside.href === url.href ? null : 'other_server';
  return isOfFolder && url.href !== new URL(DEFAULT_SERVER).href ? 'server_of_folder' : null;
}

const given = (key: string, from: string): ClientKey => ({ ...NO_KEY, key, from });

/** Whoever names a file here can mend its mode; what a container is handed, as with JOBSCHED_KEY_FILE, is as it is. */
function ofFile(path: string, from: string): ClientKey {
  return { ...given(readKey(path, from), from), exposed: isExposed(path) ? path : null };
}

/** Whether everybody on this machine can read it. False when it is not there. A group may be its owner's alone. */
export function isExposed(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0;
}

/** @param from who names the file. @throws JobschedError `invalid_config`. */
export function readKey(path: string, from: string): string {
  try {
    return checkKey(readFileSync(path, 'utf8'), `${from}, the file ${path},`);
  } catch (error) {
    if (error instanceof JobschedError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new JobschedError('invalid_config', `${from} names a file that cannot be read: ${path} (${code})`, {
      field: from,
    });
  }
}

/** What it says is not shown: it may be nearly a key. @throws JobschedError `invalid_config`. */
export function checkKey(text: string, from: string): string {
  const key = text.trim();
  if (/^jsk_[\w-]+$/.test(key)) return key;
  throw new JobschedError('invalid_config', `${from} holds no key of jobsched's: those begin with jsk_`, {
    field: from,
    hint: '`jobsched key create` makes one, and prints it this once.',
  });
}
