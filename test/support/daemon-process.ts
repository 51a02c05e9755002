/** A daemon of the real program in a process of its own, whose log is read. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COMPILED } from './compiled.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/jobsched.js', import.meta.url));

export interface DaemonProcessOptions {
  /** What is typed after the program's name. */
  readonly args: readonly string[];
  /** Where it starts, and its HOME. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to run instead of `node bin/jobsched.js`: the single binary. */
  readonly program?: readonly [string, ...string[]];
  /** The beginning of the message that tells that it has started. Default: `ready`. */
  readonly ready?: string;
}

export interface DaemonProcess extends AsyncDisposable {
  /** Of its page; `undefined` in words for a worker. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Its log, a line each, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Resolves when a message that begins so has been logged. */
  said(beginning: string): Promise<void>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
  /** Sends the signal and waits for the end. @returns its exit code, or null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Resolves when it is ready. @throws Error with all that it printed when it ended before. */
export async function startDaemonProcess(options: DaemonProcessOptions): Promise<DaemonProcess> {
  const [program, ...before] = options.program ?? [process.execPath, PROGRAM];
  const child = spawn(program, [...before, ...options.args], {
    cwd: options.folder,
    env: { PATH: process.env['PATH'], HOME: options.folder, ...COMPILED, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const log: Record<string, unknown>[] = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => log.push(parseLine(line)));
  const said = async (beginning: string): Promise<void> => {
    while (!log.some(({ msg }) => String(msg).startsWith(beginning))) await once(lines, 'line');
  };
  const failed = ended.then(() => {
    throw new Error(`it ended:\n${JSON.stringify(log)}\n${errors}`);
  });
  await Promise.race([said(options.ready ?? 'ready'), failed]);
  failed.catch(() => undefined);
  const url = String(log.find(({ msg }) => msg === 'ready')?.['url']);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  return {
    url,
    process: child,
    log,
    said,
    ended,
    end,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
    },
  };
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
}
