/** What `submit --follow` and `--wait` exit with: what the command itself would have. */
import { constants } from 'node:os';
import { EXIT } from '../exit-code.ts';
import type { RunView } from '../../client/client.ts';

/** 128 + n for a signal, as shells do; 125 when there is nothing of the command's to pass on. */
export function runExitCode(run: Pick<RunView, 'status' | 'exit_code' | 'signal'>): number {
  if (run.status === 'succeeded') return EXIT.ok;
  if (run.signal !== null) return 128 + signalNumber(run.signal);
  // A command that timed out or was cancelled may have ended with 0, but it has not succeeded.
  return run.exit_code === null || run.exit_code === 0 ? EXIT.ownTrouble : run.exit_code;
}

function signalNumber(name: string): number {
  return Object.entries(constants.signals).find(([signal]) => signal === name)?.[1] ?? 0;
}
