/** How the command line, as a client, finds its server. */
import { JobschedError } from '../errors.ts';
import { namedContext, NO_CONTEXT, readContexts, type Context } from './contexts.ts';
import type { Machine } from './machine.ts';
import { fileSource, folderFile, ownFiles } from './sources.ts';

export const DEFAULT_SERVER = 'http://localhost:8080';

/** A server, and who says that it is the one. */
export interface ServerAddress {
  readonly url: URL;
  /** `--server`, `JOBSCHED_SERVER`, a context, a file, or null: nobody does, and it is the default. */
  readonly from: string | null;
  /** The context that named it: whose key is for it alone. */
  readonly context: Context | null;
  /** Whether only ./jobsched.yaml names it, which anybody may have written: in /tmp, or in a repository that was cloned. */
  readonly isOfFolder: boolean;
}

/** Flags. */
export interface ServerChoice {
  readonly server?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * `--server` or `--context` > `JOBSCHED_SERVER` > `JOBSCHED_CONTEXT` > `server:` in ./jobsched.yaml > the context in use >
 * `server:` in the user's and the system's file > http://localhost:8080. Without a scheme it is http: `localhost:9000`.
 *
 * A flag comes before a variable, since it was typed for this call; so it is with docker's contexts.
 *
 * @throws JobschedError `invalid_config` when what was found is no http or https URL, or no context.
 */
export async function findServer(choice: ServerChoice, machine: Machine): Promise<ServerAddress> {
  const { server, context } = choice;
  const { JOBSCHED_SERVER: serverVariable, JOBSCHED_CONTEXT: contextVariable } = machine.env;
  if (server !== undefined && context !== undefined) {
    throw new JobschedError('invalid_config', '--server and --context exclude each other', { field: '--context' });
  }
  if (server !== undefined) return addressed(parseServer(server, '--server'), '--server');
  if (context !== undefined) return inContext(context, '--context', machine);
  if (serverVariable) return addressed(parseServer(serverVariable, 'JOBSCHED_SERVER'), 'JOBSCHED_SERVER');
  if (contextVariable) return inContext(contextVariable, 'JOBSCHED_CONTEXT', machine);
  return (await inFile(folderFile(machine), true)) ?? inUse(machine) ?? inFilesOrDefault(machine);
}

/** @param from who names the context. */
async function inContext(name: string, from: string, machine: Machine): Promise<ServerAddress> {
  return name === NO_CONTEXT
    ? ((await inFile(folderFile(machine), true)) ?? inFilesOrDefault(machine))
    : ofContext(namedContext(name, readContexts(machine), from));
}

function inUse(machine: Machine): ServerAddress | null {
  const contexts = readContexts(machine);
  return contexts.current === null ? null : ofContext(namedContext(contexts.current, contexts, 'the one in use'));
}

function ofContext(context: Context): ServerAddress {
  const from = `the context ${context.name}`;
  return { url: parseServer(context.server, `the server of ${from}`), from, context, isOfFolder: false };
}

/** In those that nobody but the user and root could write. */
async function inFilesOrDefault(machine: Machine): Promise<ServerAddress> {
  for (const path of ownFiles(machine)) {
    const address = await inFile(path, false);
    if (address) return address;
  }
  return addressed(new URL(DEFAULT_SERVER), null);
}

async function inFile(path: string, isOfFolder: boolean): Promise<ServerAddress | null> {
  const source = await fileSource(path);
  const value = source && 'values' in source ? source.values.get('server') : undefined;
  if (value === undefined) return null;
  return addressed(parseServer(value, `server in ${path}`), `server in ${path}`, isOfFolder);
}

function addressed(url: URL, from: string | null, isOfFolder = false): ServerAddress {
  return { url, from, context: null, isOfFolder };
}

/** @throws JobschedError `invalid_config` that says who named it. */
export function parseServer(value: unknown, from: string): URL {
  const url = typeof value === 'string' ? URL.parse(withScheme(value)) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new JobschedError('invalid_config', `${from} is not the URL of a server: ${String(value)}`, {
    field: from,
    hint: `write it like ${DEFAULT_SERVER}`,
  });
}

/** `localhost:9000` alone would be read as the scheme "localhost". */
function withScheme(text: string): string {
  return /^[\w[][^/]*(\/(?!\/)|$)/.test(text) ? `http://${text}` : text;
}
