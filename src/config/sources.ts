/** Where values come from: flags > `JOBSCHED_*` > ./jobsched.yaml > the user's file > the system's file > defaults. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** One place with values, the strongest first in a list of them. */
export interface Source {
  /** For people: `flag`, `environment`, or the file's path. */
  readonly name: string;
  /** How this source spells a setting: `--data-dir`, `JOBSCHED_DATA_DIR`, `data_dir`. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** What is wrong with a source as a whole. */
export interface SourceProblem {
  readonly source: string;
  readonly message: string;
}

/** The files that are looked for, the strongest first. */
export function configFiles(machine: Machine): readonly string[] {
  return [folderFile(machine), ...ownFiles(machine)];
}

/** That of the working folder. */
export const folderFile = ({ cwd }: Machine): string => join(cwd, 'jobsched.yaml');

/** Those of the user and of the system, which nobody else writes. */
export function ownFiles(machine: Machine): readonly string[] {
  return [userFile(machine, 'config.yaml'), '/etc/jobsched/config.yaml'];
}

/** One of ours in the user's folder of configuration. */
export function userFile({ env, home }: Machine, name: string): string {
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'jobsched', name);
}

/** The variables that are ours. An empty one counts as not set, as in systemd units and compose files. */
export function environmentSource(machine: Machine): Source {
  const ours = Object.entries(machine.env).filter(
    ([name, value]) => name.startsWith('JOBSCHED_') && value && !isServiceLink(name, value),
  );
  return { name: 'environment', values: new Map(ours) };
}

const SERVICE_LINK = /_(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/**
 * What Kubernetes, and Docker's links, tell every container of a service: of one called `jobsched`,
 * JOBSCHED_SERVICE_HOST, JOBSCHED_PORT=tcp://10.0.0.1:8080, JOBSCHED_PORT_8080_TCP and so on; of `jobsched-redis` the same
 * with JOBSCHED_REDIS in front. Nobody means it as a setting.
 */
function isServiceLink(name: string, value: string): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));
}

/** A file's settings; null when there is no such file. */
export async function fileSource(path: string): Promise<Source | SourceProblem | null> {
  let text: string;
  try {
    // At once: node:fs/promises would cost each start of a client 2 ms, for files that are small or not there.
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return { source: path, message: `cannot be read (${String(code)})` };
  }
  return parseFile(path, text);
}

async function parseFile(path: string, text: string): Promise<Source | SourceProblem> {
  // Loaded for those who have a file: it is half of what a client's start costs.
  const { parse } = await import('./yaml.ts');
  try {
    const content: unknown = parse(text) ?? {};
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      return { source: path, message: 'must be a mapping of settings to values, such as "port: 8080"' };
    }
    return { name: path, values: new Map(Object.entries(content)) };
  } catch (error) {
    return { source: path, message: `is not YAML: ${error instanceof Error ? error.message : String(error)}` };
  }
}
