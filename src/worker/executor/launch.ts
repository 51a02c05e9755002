/**
 * Starts the shell of a command, which first tells the watchdog of itself (see `watchdog.ts`) and then is the command's.
 *
 * A plain `sh` gets the line in front of the command, on the command's own first line, so that line numbers in its messages
 * stay right. This costs nothing [measured]. Any other is exec'ed by a `/bin/sh` that tells, which costs 0.3 to 0.7 ms: not
 * all read that language (`python3`, `fish`), and `bash` and `zsh` first run files of the user's (`BASH_ENV`, `.zshenv`),
 * whose agents in the background would keep the descriptor. Either way it is closed before anything else begins.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import type { CommandSpec } from './executor.ts';
import { MARK } from './process-table.ts';
import { shellProblem } from './spawn-error.ts';

/** Where the watchdog's pipe is in a new child. */
const TOLD = 3;
const TELL = (number: number): string => `echo "+ ${number} $$" >&${TOLD};exec ${TOLD}>&-;`;
const TELL_AND_EXEC = (number: number): string => `echo "+ ${number} $$" >&${TOLD};exec "$0" -c "$1" ${TOLD}>&-`;

/** Those that run nothing but what is given with `-c`. */
const PLAIN = new Set(['sh', 'dash', 'ash']);

export interface ChildEnds {
  /** 'ignore' is `/dev/null`. */
  readonly stdin: number | 'ignore';
  readonly stdout: number;
  readonly stderr: number;
  readonly watchdog: number;
}

/** By what the command's processes are known. */
export interface Name {
  /** Of all commands of one executor. */
  readonly number: number;
  /** Of all commands anywhere. */
  readonly mark: string;
}

/** @throws or emits `error`, as Node's `spawn` does, when the command cannot be started. */
export function launch(spec: CommandSpec, { number, mark }: Name, ends: ChildEnds): ChildProcess {
  const [file, args] = shellCall(spec, number);
  return spawn(file, args, {
    detached: true,
    cwd: spec.cwd,
    env: { ...spec.env, [MARK]: mark },
    stdio: [ends.stdin, ends.stdout, ends.stderr, ends.watchdog],
  });
}

function shellCall({ shell, command }: CommandSpec, number: number): [file: string, args: readonly string[]] {
  if (PLAIN.has(basename(shell))) return [shell, ['-c', TELL(number) + command]];
  const problem = shellProblem(shell);
  if (problem !== null) throw new Error(problem);
  return ['/bin/sh', ['-c', TELL_AND_EXEC(number), shell, command]];
}
