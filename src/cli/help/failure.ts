/**
 * How a failure is told: a person's mistake as a sentence and a hint, a bug with its stack and the wish to hear of it.
 * Where the two differ, `errors.ts` decides.
 */
import { CommanderError } from 'commander';
import { isFromCheckout, thisProgram } from './called-as.ts';
import { inCommands } from './in-commands.ts';
import { escapeLine } from '../format/escape.ts';
import { EXIT, exitCodeFor } from '../exit-code.ts';
import { thisMachine } from '../../config/machine.ts';
import { GOES_ON, JobschedError } from '../../errors.ts';
import { VERSION } from '../../version.ts';

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

  /** Whether it has `--wait`. */
  readonly canWait: boolean;

  constructor(cause: unknown, canWait: boolean) {
    super('the daemon could not start', { cause });
    this.canWait = canWait;
  }
}

/** Ctrl-C while following: the sentence that says what goes on without us. */
export class Detached extends Error {
  override readonly name = 'Detached';
}

/**
 * @param debug whether to tell where in the program it came from, as `--debug` asks.
 * @param ofDaemon whether it is a daemon's: its bugs are told with their stacks in any case, and a person's mistakes are not.
 */
export function toFailure(error: unknown, debug = false, ofDaemon = false): Failure {
  const failure = failureOf(error, debug || ofDaemon);
  const isToldApart = failure.text === '' || error instanceof NotStarted || isBug(error);
  return debug && !isToldApart ? { ...failure, text: failure.text + stackOf(error) } : failure;
}

function failureOf(error: unknown, debug: boolean): Failure {
  if (error instanceof NotStarted) return notStarted(error, debug);
  // How help and version end; all else that commander refuses is a UsageError by now.
  if (error instanceof CommanderError) return { text: '', exitCode: error.exitCode };
  if (error instanceof UsageError) return { text: message(error.message, typed(error.hint)), exitCode: EXIT.usage };
  if (error instanceof Detached) return { text: `\n${escapeLine(error.message)}\n`, exitCode: EXIT.interrupted };
  if (error instanceof JobschedError) {
    return { text: message(error.message, hintOf(error)), exitCode: exitCodeFor(error.code) };
  }
  if (isPageMissing(error)) return { text: message('the page is not built', PAGE_HINT), exitCode: EXIT.failure };
  return { text: message(bug(error), BUG_HINT) + (debug ? stackOf(error) : ''), exitCode: EXIT.failure };
}

/** Who starts a daemon asks no server: an engine that does not answer is a failure like any other. */
function notStarted({ cause, canWait }: NotStarted, debug: boolean): Failure {
  const failure = failureOf(ended(cause, canWait), debug);
  return failure.exitCode === EXIT.unreachable ? { ...failure, exitCode: EXIT.failure } : failure;
}

/** A daemon that runs goes on by itself; this one has ended. */
function ended(cause: unknown, canWait: boolean): unknown {
  if (!(cause instanceof JobschedError) || cause.hint === null) return cause;
  const { code, message: sentence, hint } = cause;
  const again = canWait ? 'Start this again once it is well, or add --wait.' : 'Then start this again.';
  return new JobschedError(code, sentence, { hint: hint.replace(GOES_ON, again), cause });
}

/** Hints that are for all who use the API, in the words of who sits at the command line. */
function hintOf(error: JobschedError): string | null {
  const { code, hint } = error;
  if (code === 'name_taken') return 'Choose another --name.';
  const starts = code === 'engine_unavailable' && isFromCheckout(process.argv[1]);
  return typed(starts && hint !== null ? hint.replace('jobsched standalone', 'npm start') : hint);
}

const typed = (hint: string | null): string | null => (hint === null ? null : inCommands(hint, programHere()));

/** Where even that cannot be told, as in a folder that is gone, nothing of it may stand in the way of what is to be said. */
function programHere(): string {
  try {
    return thisProgram(thisMachine());
  } catch {
    return 'jobsched';
  }
}

const PAGE_HINT = 'npm start builds what is missing and runs it; npm run build only builds.';

/** Only the sources can lack it: whatever is built from them has it inside. */
function isPageMissing(error: unknown): boolean {
  return error instanceof Error && 'url' in error && String(error.url).endsWith('/dist/page.json');
}

function message(sentence: string, hint: string | null): string {
  const hints = (hint ?? '').split('\n').filter((line) => line !== '');
  return [`error: ${escapeLine(sentence)}`, ...hints.map((line) => `  ${escapeLine(line)}`), ''].join('\n');
}

function isBug(error: unknown): boolean {
  const isNone = [JobschedError, UsageError, Detached, CommanderError].some((kind) => error instanceof kind);
  return !isNone && !isPageMissing(error);
}

const BUG_HINT = 'Please report it, with the command and what it says with --debug.';

function bug(error: unknown): string {
  return `this is a bug in jobsched ${VERSION}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

/** Where it was thrown, and where what caused it was. */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) stacks.push(each.stack ?? each.message);
  const lines = stacks.length === 0 ? [String(error)] : stacks.flatMap((stack) => stack.split('\n'));
  return lines.map((line) => `${escapeLine(line)}\n`).join('');
}
