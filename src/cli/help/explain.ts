/** What went wrong, with what only the command line knows: how it came to its server, and what to type about it. */
import { isFromCheckout, thisProgram } from './called-as.ts';
import { inCommands } from './in-commands.ts';
import { inFlags } from './in-flags.ts';
import type { Session } from '../session.ts';
import { JobschedError, type Client, type ErrorCode } from '../../client/client.ts';
import { thisMachine } from '../../config/machine.ts';
import type { Withheld } from '../../config/client-key.ts';
import { parseRunId, shortRunName, type JobId } from '../../domain/id.ts';
import { SECOND } from '../../domain/instant.ts';
import { VERSION } from '../../version.ts';

/** What a server of another version may say to what it does not know, or says in a way that we do not. */
const STRANGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not_found',
  'method_not_allowed',
  'invalid_request',
  'not_supported_yet',
  'server_error',
]);

/** @returns what to throw instead. */
export async function explained(error: unknown, session: Session): Promise<unknown> {
  if (!(error instanceof JobschedError)) return error;
  const told = typed(forced(inFlags(error, session.given), session), session);
  return withWhereabouts(await withRunNames(told, session), session);
}

async function withWhereabouts(error: JobschedError, session: Session): Promise<JobschedError> {
  if (error.code === 'server_unreachable') return withHint(error, unreachable(error, session));
  if (error.code === 'unauthorized') return withHint(error, keyWords(session));
  if (error.code === 'engine_unavailable' && isForStarting(error.hint)) return withHint(error, ENGINE);
  if (!STRANGE.has(error.code)) return error;
  const version = await versionOf(session);
  if (error.code === 'method_not_allowed' && version === VERSION) return withHint(error, OLDER);
  if (version === null || version === VERSION) return error;
  const other = `The server is jobsched ${version}, this command ${VERSION}: one may not know what the other means.`;
  return withHint(error, [error.hint, other].filter((line) => line !== null).join('\n'));
}

/** What is said to whoever starts a server would start another beside it. */
const isForStarting = (hint: string | null): boolean => hint?.includes('jobsched standalone') ?? false;
const ENGINE = 'It is the engine of the server: once whoever runs it has started it, all goes on by itself.';

/** What a body of the API does that is a flag here. */
function forced(error: JobschedError, { program }: Session): JobschedError {
  if (error.hint?.includes('{"force": true}') !== true) return error;
  if (error.code === 'overlap') return withHint(error, 'Wait for its end, or cancel it; --force runs it all the same.');
  return withHint(error, `Wait for its end, or run its job beside it: ${program()} run JOB --force`);
}

function typed(error: JobschedError, { program }: Session): JobschedError {
  const { hint } = error;
  if (hint === null) return error;
  const told = inCommands(hint, program());
  return told === hint ? error : withHint(error, told);
}

const RUN_IDS = /\b[0-9a-f]{8}-[0-9a-f-]{27}\.\d+\b/g;

/** Runs by the names that people call them by. */
async function withRunNames(error: JobschedError, { client }: Session): Promise<JobschedError> {
  let { message } = error;
  for (const [id] of error.message.matchAll(RUN_IDS)) {
    const run = parseRunId(id);
    if (run === null) continue;
    message = message.replace(id, shortRunName({ id: run.job, name: await nameOf(client, run.job) }, run.number));
  }
  if (message === error.message) return error;
  const { code, hint, field } = error;
  return new JobschedError(code, message, {
    cause: error,
    ...(hint !== null && { hint }),
    ...(field !== null && { field }),
  });
}

/** Null also when it is gone. */
async function nameOf(client: Client, job: JobId): Promise<string | null> {
  try {
    return (await client.jobs.get(job)).name;
  } catch {
    return null;
  }
}

const OLDER = 'The server seems to be older than this command: it does not know how to do that yet.';

/** Which address, who says so, and what to do. A hint about something else, as a certificate, stays. */
function unreachable({ hint }: JobschedError, { serverFrom: from, program }: Session): string {
  const origin =
    from === null
      ? 'That is the default: no --server, JOBSCHED_SERVER, context or configuration file names another.'
      : `It is named by ${from}.`;
  const start = isFromCheckout(process.argv[1]) ? 'npm start' : 'jobsched standalone';
  const isUsual = hint === null || isForStarting(hint);
  const remedy = isUsual
    ? `Start one on this machine: ${start}\nOr name another: --server URL, JOBSCHED_SERVER, or --context NAME`
    : hint;
  return [origin, remedy, `Find out more: ${program()} doctor`].join('\n');
}

/** How to give a key; first what is wrong with one that there is. */
function keyWords({ key, context }: Session): string {
  const one = `Give one with --key-file <file>, JOBSCHED_KEY or JOBSCHED_KEY_FILE, or as key_file in your own configuration file.`;
  const inContext = `Give the context ${context ?? ''} one: ${thisProgram(thisMachine())} context add ${context ?? ''} --replace --server URL --key-file FILE`;
  const lines = [
    key.from !== null && (key.withheld === null ? refusedWords(key.from) : WITHHELD[key.withheld](key.from)),
    context === null ? one : inContext,
    'Who runs the server makes one with jobsched key create.',
  ];
  return lines.filter((line) => line !== false).join('\n');
}

const refusedWords = (from: string): string =>
  `It does not take the key of ${from}: revoked, expired, or another server's.`;

/** Since anybody may have written ./jobsched.yaml, it does not bring it about that a key is sent. */
const WITHHELD: Readonly<Record<Withheld, (from: string) => string>> = {
  other_server: (from) => `The key of ${from} is another server's, so it was not sent.`,
  server_of_folder: (from) =>
    `The key of ${from} was not sent: only ./jobsched.yaml names this server. Name it with --server, JOBSCHED_SERVER or a context.`,
  file_of_folder: (from) => `${from} was passed over: ./jobsched.yaml names no keys.`,
};

function withHint(error: JobschedError, hint: string): JobschedError {
  const { field } = error;
  return new JobschedError(error.code, error.message, { hint, cause: error, ...(field !== null && { field }) });
}

/** Null when the server does not say so soon. */
async function versionOf({ client }: Session): Promise<string | null> {
  const stats = client.stats().then(
    ({ version }) => version,
    () => null,
  );
  const { setTimeout } = await import('node:timers/promises');
  return Promise.race([stats, setTimeout(2 * SECOND, null, { ref: false })]);
}
