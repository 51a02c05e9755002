/**
 * Which key the command line shows to its server. Never one that was typed: everybody on the machine could read it in
 * `ps`, and the shell keeps it. And never the key of one server to another: a key that stands beside a server, in a
 * context, the environment or a file, is for that one.
 */
import { readFileSync } from 'node:fs';
import { JobschedError } from '../errors.ts';
import { parseServer, type ServerAddress } from './client.ts';
import type { Machine } from './machine.ts';
import { configFiles, fileSource } from './sources.ts';

export interface ClientKey {
  /** Null: none. */
  readonly key: string | null;
  /** Who gives it, or who has one that is another server's. */
  readonly from: string | null;
}

const NONE: ClientKey = { key: null, from: null };

/**
 * `--key-file` > the context's, and with a context no other > `JOBSCHED_KEY` > `JOBSCHED_KEY_FILE` > `key_file:` in the
 * configuration files > none.
 *
 * @throws JobschedError `invalid_config` for a file that cannot be read, or holds no key.
 */
export async function clientKey(
  flag: string | undefined,
  { url, context }: ServerAddress,
  machine: Machine,
): Promise<ClientKey> {
  if (flag !== undefined) return { key: readKey(flag, '--key-file'), from: '--key-file' };
  if (context !== null) {
    const from = `the context ${context.name}`;
    if (context.keyFile !== null) return { key: readKey(context.keyFile, from), from };
    return context.key === null ? NONE : { key: checkKey(context.key, from), from };
  }
  const { JOBSCHED_KEY: key, JOBSCHED_KEY_FILE: file, JOBSCHED_SERVER: server } = machine.env;
  const isOurs = !server || parseServer(server, 'JOBSCHED_SERVER').href === url.href;
  if (key) return isOurs ? { key: checkKey(key, 'JOBSCHED_KEY'), from: 'JOBSCHED_KEY' } : withheld('JOBSCHED_KEY');
  if (file) {
    const from = 'JOBSCHED_KEY_FILE';
    return isOurs ? { key: readKey(file, from), from } : withheld(from);
  }
  return inFiles(url, machine);
}

async function inFiles(url: URL, machine: Machine): Promise<ClientKey> {
  for (const path of configFiles(machine)) {
    const source = await fileSource(path);
    const values = source && 'values' in source ? source.values : null;
    const value = values?.get('key_file');
    if (value === undefined) continue;
    const from = `key_file (${path})`;
    const server = values?.get('server');
    if (server !== undefined && parseServer(server, `server in ${path}`).href !== url.href) return withheld(from);
    return { key: readKey(typeof value === 'string' ? value : '', from), from };
  }
  return NONE;
}

const withheld = (from: string): ClientKey => ({ key: null, from });

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
