/** The client commands as their user runs them: processes of their own, whose streams are pipes or a terminal. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { shellQuote } from '../../src/shell-quote.ts';
import { COMPILED } from './compiled.ts';

export const PROGRAM = fileURLToPath(new URL('../../bin/jobsched.js', import.meta.url));

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly code: number | null;
}

/** Disposing of it kills it, unless it has ended. */
export interface Running extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<Ran>;
}

export interface ProgramOptions {
  /** For `JOBSCHED_SERVER`. */
  readonly server?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from standard input. Default: nothing. */
  readonly stdin?: string;
  /** What to run instead of `node bin/jobsched.js`: the single binary. */
  readonly program?: readonly [string, ...string[]];
  /** What somebody at the terminal types, each once this has been seen. */
  readonly typed?: readonly (readonly [seen: RegExp, keys: string])[];
}

/** Starts `jobsched` with these arguments. Its environment holds nothing of ours but the PATH. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): Running {
  const [program, ...before] = options.program ?? [process.execPath, PROGRAM];
  const child = spawn(program, [...before, ...args], { cwd: options.cwd, env: programEnvironment(options) });
  child.stdin.end(options.stdin ?? '');
  const ended = outcome(child);
  return {
    process: child,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The same, to its end. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<Ran> {
  return startProgram(args, options).ended;
}

/** The same on a terminal of 80 columns, which gets both streams, here as `stdout`. Its bytes are as they were sent. */
export async function runOnTerminal(args: readonly string[], options: ProgramOptions = {}): Promise<Ran> {
  const words = ['exec', ...(options.program ?? [process.execPath, PROGRAM]), ...args];
  const line = `stty -opost -echo cols 80; ${shellQuote(words)}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd: options.cwd,
    env: { SHELL: '/bin/sh', TERM: 'xterm', ...programEnvironment(options) },
  });
  const waiting = [...(options.typed ?? [])];
  let seen = '';
  child.stdout.on('data', (piece: Buffer) => {
    seen += piece.toString();
    const [next] = waiting;
    if (next === undefined || !next[0].test(seen)) return;
    waiting.shift();
    seen = '';
    child.stdin.write(next[1]);
  });
  // Its end would be typed into the terminal.
  return outcome(child).finally(() => child.stdin.end());
}

/** Nothing of ours but the PATH. */
export function programEnvironment(options: ProgramOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    TZ: 'Europe/Berlin',
    ...COMPILED,
    ...(options.server !== undefined && { JOBSCHED_SERVER: options.server }),
    ...options.env,
  };
}

async function outcome(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode };
}
