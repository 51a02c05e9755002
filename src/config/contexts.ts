/**
 * Contexts: servers that somebody works with, by names of their own, each with its key. They are one file of the user's,
 * which only that user may read.
 */
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { JobschedError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { userFile } from './sources.ts';

export interface Context {
  readonly name: string;
  /** Its URL. */
  readonly server: string;
  /** Where its key is: in a file of its own, or here. */
  readonly keyFile: string | null;
  readonly key: string | null;
}

export interface Contexts {
  /** The one in use, where nothing else is asked for. Null: none is. */
  readonly current: string | null;
  readonly all: readonly Context[];
}

/** What says that no context is meant, also when one is in use. */
export const NO_CONTEXT = 'default';

export const contextsFile = (machine: Machine): string => userFile(machine, 'contexts.json');

/** At once, as all files of a client are read: see `sources.ts`. @throws JobschedError `invalid_config`. */
export function readContexts(machine: Machine): Contexts {
  const path = contextsFile(machine);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { current: null, all: [] };
    throw invalid(`${path} cannot be read (${code})`);
  }
  const contexts = parseContexts(path, text);
  if (contexts.all.some(({ key }) => key !== null) && (statSync(path).mode & 0o077) !== 0) {
    throw invalid(`others on this machine can read the keys in ${path}`, `chmod 600 ${path}`);
  }
  return contexts;
}

/** The file is replaced as a whole, so that nobody ever reads half of it. @throws JobschedError `data_unwritable`. */
export function writeContexts({ current, all }: Contexts, machine: Machine): void {
  const path = contextsFile(machine);
  const contexts = Object.fromEntries(
    all.map(({ name, server, keyFile, key }) => [
      name,
      { server, ...(keyFile !== null && { key_file: keyFile }), ...(key !== null && { key }) },
    ]),
  );
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = target(path);
    const part = `${file}.${process.pid}.new`;
    writeFileSync(part, `${JSON.stringify({ current, contexts }, null, 2)}\n`, { mode: 0o600 });
    chmodSync(part, 0o600);
    renameSync(part, file);
  } catch (error) {
    throw new JobschedError('data_unwritable', `${path} cannot be written (${codeOf(error)})`, { cause: error });
  }
}

/** @throws JobschedError `invalid_config` with the names that there are. */
export function namedContext(name: string, { all }: Contexts, from: string): Context {
  const found = all.find((context) => context.name === name);
  if (found !== undefined) return found;
  const names = all.map((context) => context.name);
  const hint = names.length === 0 ? '`jobsched context add` makes one.' : `There are: ${names.join(', ')}`;
  throw invalid(`no context is called ${name} (${from})`, hint);
}

/** Some keep their configuration elsewhere, behind a link. */
function target(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function parseContexts(path: string, text: string): Contexts {
  try {
    const { current = null, contexts = {} } = JSON.parse(text) as FileContent;
    const all = Object.entries(contexts).map(([name, entry]): Context => {
      const { server, key_file: keyFile = null, key = null } = entry as FileEntry;
      if (!isText(server) || !isTextOrNull(keyFile) || !isTextOrNull(key)) throw new TypeError(name);
      return { name, server, keyFile, key };
    });
    if (!isTextOrNull(current)) throw new TypeError('current');
    return { current, all };
  } catch {
    throw invalid(`${path} holds no contexts`, 'Remove it, and make them anew: jobsched context add');
  }
}

/** As it ought to be; each field is checked. */
interface FileContent {
  readonly current?: unknown;
  readonly contexts?: Readonly<Record<string, unknown>>;
}

interface FileEntry {
  readonly server?: unknown;
  readonly key_file?: unknown;
  readonly key?: unknown;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

function invalid(message: string, hint?: string): JobschedError {
  return new JobschedError('invalid_config', message, { ...(hint !== undefined && { hint }) });
}
