/** Processes that a side starts beside its own: servers, workers. They end with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Started extends AsyncDisposable {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The first line of its output that `isReady` took. */
  readonly ready: string;
}

/** Starts `node` with these arguments, and waits for a line that says it is ready. */
export async function startNode(
  args: readonly string[],
  isReady: (line: string) => boolean = () => true,
): Promise<Started> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let ready: string | null = null;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (ready === null && isReady(line)) ready = line;
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${args.join(' ')} ended before it was ready`);
  });
  ended.catch(() => {});
  while (ready === null) await Promise.race([once(lines, 'line'), ended]);
  return {
    pid: child.pid ?? 0,
    process: child,
    ready,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', kill);
      kill();
      await ended.catch(() => {});
    },
  };
}
