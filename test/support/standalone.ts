/** The real program, started as its user would, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/jobsched.js', import.meta.url));

export interface StandaloneOptions {
  /** Its `--data-dir`. */
  readonly folder: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What to run instead of `node bin/jobsched.js`: the single binary. */
  readonly program?: readonly [string, ...string[]];
}

export interface Standalone extends AsyncDisposable {
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

/** Resolves when it serves. @throws Error with all that it printed when it ended before. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const [program, ...before] = options.program ?? [process.execPath, PROGRAM];
  const args = [...before, 'standalone', '--port', '0', '--data-dir', options.folder, ...(options.flags ?? [])];
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { PATH: process.env['PATH'], HOME: options.folder, ...options.env },
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
    throw new Error(`standalone ended:\n${JSON.stringify(log)}\n${errors}`);
  });
  await Promise.race([said('ready'), failed]);
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
