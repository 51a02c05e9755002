/** The command line's entry. Sets the process's exit code and returns; nothing is left open that would keep it alive. */
import { toFailure } from './failure.ts';
import { runProgram } from './program.ts';

/** @param argv what was typed after the program's name. */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWithReader();
  try {
    await runProgram(argv);
  } catch (error) {
    const failure = toFailure(error);
    process.stderr.write(failure.text);
    process.exitCode = failure.exitCode;
  }
}

/** `jobsched list | head -1`: when nobody reads any more there is nothing left to do, nor to complain about. */
function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      // oxlint-disable-next-line unicorn/no-process-exit -- whatever is under way, its reader is gone
      process.exit();
    });
  }
}
