/** A program on a terminal that can be resized and hung up on. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { shellQuote } from '../../src/shell-quote.ts';
import { PROGRAM, programEnvironment, type ProgramOptions } from './program.ts';

export interface Terminal extends AsyncDisposable {
  /** The program's process, or that of the shell that has started it. */
  readonly pid: number;
  /** Resolves with all that came since the last call, once that matches. @throws Error when the program ends first. */
  seen(wanted: RegExp): Promise<string>;
  type(keys: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** The window is closed. Resolves when the program is gone. */
  hangUp(): Promise<void>;
  /** Resolves when the program has ended, with what came since the last call of `seen`, and what it exited with. */
  ended(): Promise<{ readonly text: string; readonly code: number | null }>;
}

export interface TerminalOptions extends ProgramOptions {
  /** What a shell does, that has started the program, when it has stopped or ended. `fg` lets it go on. */
  readonly andThen?: string;
}

/** 80 columns of 24 rows. */
export async function openTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
  const words = shellQuote([process.execPath, PROGRAM, ...args]);
  const use = options.andThen === undefined ? `exec ${words}` : `set -m; ${words}; ${options.andThen}`;
  const line = `stty -opost -echo cols 80 rows 24; tty; echo $$ end; ${use}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    env: { SHELL: '/bin/sh', TERM: 'xterm', ...programEnvironment(options) },
    // The program inherits the last one, so that its end shows that the program is gone.
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const [stdin, stdout, , alive] = child.stdio;
  if (stdin === null || stdout === null || alive == null || !('setEncoding' in alive)) throw new Error('no pipes');
  const gone = text(alive);
  const closed = once(child, 'close');
  let buffer = '';
  let tell: () => void = () => undefined;
  stdout.on('data', (piece: Buffer) => {
    buffer += piece.toString();
    tell();
  });
  let isClosed = false;
  child.once('close', () => {
    isClosed = true;
    tell();
  });
  const taken = (): string => {
    const all = buffer;
    buffer = '';
    return all;
  };
  const seen = async (wanted: RegExp): Promise<string> => {
    while (!wanted.test(buffer)) {
      if (isClosed) throw new Error(`ended before ${wanted} came: ${JSON.stringify(buffer)}`);
      await new Promise<void>((resolve) => (tell = resolve));
    }
    return taken();
  };
  const [, device = '', pid = ''] = /^(\S+)\s+(\d+) end/.exec(await seen(/ end\n/)) ?? [];
  return {
    pid: Number(pid),
    seen,
    type: (keys) => void stdin.write(keys),
    resize: async (columns, rows) => {
      await promisify(execFile)('stty', ['-F', device, 'cols', String(columns), 'rows', String(rows)]);
    },
    hangUp: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    ended: async () => {
      await closed;
      return { text: taken(), code: child.exitCode };
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await Promise.all([gone, closed]);
    },
  };
}
