/**
 * How a failure is told: a person's mistake as a sentence and a hint, a bug with its stack and the wish to hear of it.
 * Where the two differ, `errors.ts` decides.
 */
import { CommanderError } from 'commander';
import { isFromCheckout } from './called-as.ts';
import { escapeLine } from './format/escape.ts';
import { EXIT, exitCodeFor } from './exit-code.ts';
import { JobschedError } from '../errors.ts';
import { VERSION } from '../version.ts';

export interface Failure {
  /** For stderr, with its last line feed; empty when all has been said. */
  readonly text: string;
  readonly exitCode: number;
}

/** What was typed is no command line: wrong flags, or flags that contradict each other. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}

/** A daemon that could not start; its cause is what was in the way. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';

  constructor(cause: unknown) {
    super('the daemon could not start', { cause });
  }
}

/** Ctrl-C while following: the sentence that says what goes on without us. */
export class Detached extends Error {
  override readonly name = 'Detached';
}

export function toFailure(error: unknown): Failure {
  if (error instanceof NotStarted) return notStarted(error.cause);
  // How help and version end; all else that commander refuses is a UsageError by now.
  if (error instanceof CommanderError) return { text: '', exitCode: error.exitCode };
  if (error instanceof UsageError) return { text: message(error.message, error.hint), exitCode: EXIT.usage };
  if (error instanceof Detached) return { text: `\n${escapeLine(error.message)}\n`, exitCode: EXIT.interrupted };
  if (error instanceof JobschedError) {
    return { text: message(error.message, hintOf(error)), exitCode: exitCodeFor(error.code) };
  }
  if (isPageMissing(error)) return { text: message('the page is not built', PAGE_HINT), exitCode: EXIT.failure };
  return { text: bug(error), exitCode: EXIT.failure };
}

/** Who starts a daemon asks no server: an engine that does not answer is a failure like any other. */
function notStarted(cause: unknown): Failure {
  const failure = toFailure(cause);
  return failure.exitCode === EXIT.unreachable ? { ...failure, exitCode: EXIT.failure } : failure;
}

/** Hints that are for all who use the API, in the words of who sits at the command line. */
function hintOf(error: JobschedError): string | null {
  const { code, hint } = error;
  if (code === 'name_taken') return 'Choose another --name.';
  if (code === 'unauthorized') return KEY_HINT;
  if ((code !== 'server_unreachable' && code !== 'engine_unavailable') || !isFromCheckout(process.argv[1])) return hint;
  return hint?.replace('jobsched standalone', 'npm start') ?? null;
}

const KEY_HINT = `Give one with --key-file <file>, JOBSCHED_KEY or JOBSCHED_KEY_FILE, or as key_file in a configuration file.
Who runs the server makes one with jobsched key create.`;

const PAGE_HINT = 'npm start builds what is missing and runs it; npm run build only builds.';

/** Only the sources can lack it: whatever is built from them has it inside. */
function isPageMissing(error: unknown): boolean {
  return error instanceof Error && 'url' in error && String(error.url).endsWith('/dist/page.json');
}

function message(sentence: string, hint: string | null): string {
  const hints = (hint ?? '').split('\n').filter((line) => line !== '');
  return [`error: ${escapeLine(sentence)}`, ...hints.map((line) => `  ${escapeLine(line)}`), ''].join('\n');
}

function bug(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = stack.split('\n').map(escapeLine);
  return `error: this is a bug in jobsched ${VERSION}. Please report it, with the command and the lines below.\n${lines.join('\n')}\n`;
}
