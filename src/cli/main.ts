/** The command line's entry. Sets the process's exit code and returns; nothing is left open that would keep it alive. */
import { DEBUG } from './options/client-options.ts';
import { daemonFirst } from './options/daemon-first.ts';
import { EXIT } from './exit-code.ts';
import { toFailure } from './help/failure.ts';
import { runProgram } from './program.ts';

/** @param argv what was typed after the program's name. */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWithReader();
  if (!isDaemon(argv)) process.on('uncaughtException', (error) => exitWith(error, argv));
  try {
    await runProgram(argv);
  } catch (error) {
    const failure = toFailure(error, wantsStacks(argv), isDaemon(argv));
    process.stderr.write(failure.text);
    process.exitCode = failure.exitCode;
  }
}

/** What nobody awaits must not show its stack either. */
function exitWith(error: unknown, argv: readonly string[]): void {
  const { text, exitCode } = toFailure(error, wantsStacks(argv), isDaemon(argv));
  process.stderr.write(text);
  // oxlint-disable-next-line unicorn/no-process-exit -- nobody knows what else is broken
  process.exit(exitCode);
}

function wantsStacks(argv: readonly string[]): boolean {
  return ownWords(argv).includes(DEBUG);
}

/** The stacks of a daemon's bugs go to its log, and who mends it looks there; anyone else has to ask for them. */
function isDaemon(argv: readonly string[]): boolean {
  return DAEMONS.has(daemonFirst(ownWords(argv))[0] ?? '');
}

/** What comes after `--` is a command's. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

const DAEMONS = new Set(['standalone', 'serve', 'worker']);

/**
 * `jobsched list | head -1`: when nobody reads any more there is nothing left to do, nor to complain about. So it is when
 * the terminal is gone.
 */
function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const isGone = GONE.has(error.code ?? '');
      if (!isGone && stream === process.stdout) {
        process.stderr.write(`error: the output cannot be written (${error.code})\n`);
      }
      // oxlint-disable-next-line unicorn/no-process-exit -- whatever is under way, its reader is gone
      process.exit(isGone ? undefined : EXIT.failure);
    });
  }
}

const GONE = new Set(['EPIPE', 'EIO']);
