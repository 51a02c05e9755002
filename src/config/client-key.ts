/**
 * Which key the command line shows to its server. Never one that was typed: everybody on the machine could read it in
 * `ps`, and the shell keeps it.
 */
import { readFileSync } from 'node:fs';
import { JobschedError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { configFiles, fileSource } from './sources.ts';

/**
 * `--key-file` > `JOBSCHED_KEY` > `JOBSCHED_KEY_FILE` > `key_file:` in the configuration files > none.
 *
 * @throws JobschedError `invalid_config` for a file that cannot be read, or holds no key.
 */
export async function clientKey(flag: string | undefined, machine: Machine): Promise<string | null> {
  if (flag !== undefined) return readKey(flag, '--key-file');
  const { JOBSCHED_KEY: key, JOBSCHED_KEY_FILE: file } = machine.env;
  if (key) return checked(key, 'JOBSCHED_KEY');
  if (file) return readKey(file, 'JOBSCHED_KEY_FILE');
  for (const path of configFiles(machine)) {
    const source = await fileSource(path);
    const value = source && 'values' in source ? source.values.get('key_file') : undefined;
    if (value !== undefined) return readKey(typeof value === 'string' ? value : '', `key_file (${path})`);
  }
  return null;
}

async function readKey(path: string, from: string): Promise<string> {
  try {
    return checked(readFileSync(path, 'utf8'), `${from}, the file ${path},`);
  } catch (error) {
    if (error instanceof JobschedError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new JobschedError('invalid_config', `${from} names a file that cannot be read: ${path} (${code})`, {
      field: from,
    });
  }
}

/** What it says is not shown: it may be nearly a key. */
function checked(text: string, from: string): string {
  const key = text.trim();
  if (/^jsk_[\w-]+$/.test(key)) return key;
  throw new JobschedError('invalid_config', `${from} holds no key of jobsched's: those begin with jsk_`, {
    field: from,
    hint: '`jobsched key create` makes one, and prints it this once.',
  });
}
