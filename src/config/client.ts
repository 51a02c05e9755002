/** How the command line, as a client, finds its server. */
import { JobschedError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { configFiles, fileSource } from './sources.ts';

export const DEFAULT_SERVER = 'http://localhost:8080';

/** A server, and who says that it is the one. */
export interface ServerAddress {
  readonly url: URL;
  /** `--server`, `JOBSCHED_SERVER`, a file, or null: nobody does, and it is the default. */
  readonly from: string | null;
}

/**
 * `--server` > `JOBSCHED_SERVER` > `server:` in the configuration files > http://localhost:8080. Without a scheme it is
 * http: `localhost:9000`.
 *
 * @throws JobschedError `invalid_config` when what was found is no http or https URL.
 */
export async function findServer(flag: string | undefined, machine: Machine): Promise<ServerAddress> {
  if (flag !== undefined) return parseServer(flag, '--server');
  const variable = machine.env['JOBSCHED_SERVER'];
  if (variable) return parseServer(variable, 'JOBSCHED_SERVER');
  for (const path of configFiles(machine)) {
    const source = await fileSource(path);
    const value = source && 'values' in source ? source.values.get('server') : undefined;
    if (value !== undefined) return parseServer(value, `server in ${path}`);
  }
  return { url: new URL(DEFAULT_SERVER), from: null };
}

function parseServer(value: unknown, from: string): ServerAddress {
  const url = typeof value === 'string' ? URL.parse(withScheme(value)) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return { url, from };
  throw new JobschedError('invalid_config', `${from} is not the URL of a server: ${String(value)}`, {
    field: from,
    hint: `write it like ${DEFAULT_SERVER}`,
  });
}

/** `localhost:9000` alone would be read as the scheme "localhost". */
function withScheme(text: string): string {
  return /^[\w[][^/]*(\/(?!\/)|$)/.test(text) ? `http://${text}` : text;
}
