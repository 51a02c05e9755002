/** Real Redis servers for one test file: on a port of their own, without persistence, gone with the test process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { temporaryFolder } from './folder.ts';

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** `redis://127.0.0.1:<port>`. */
  readonly url: string;
  readonly pid: number;
  /** Ends it, and removes its folder. Repeatable. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Settings as on the command line: `['--requirepass', 'secret']`. */
  readonly settings?: readonly string[];
  /** Default: one that is free. */
  readonly port?: number;
  /** Makes it a Sentinel: what its file says. */
  readonly sentinel?: string;
}

/**
 * Ends redis-server when its standard input closes, which it does when the test process dies, however it dies; then
 * removes its folder, the first argument.
 */
const GUARD = `folder=$1; shift
"$@" </dev/null & server=$!
trap 'kill -9 $server $! 2>/dev/null; wait; rm -rf "$folder"; exit' TERM
echo "pid $server"
(read -r _; kill -CONT $server; kill -9 $server) 2>/dev/null <&3 &
wait $server
kill $! 2>/dev/null
rm -rf "$folder"`;

const READY = /Ready to accept connections|Sentinel ID is/;

/** Resolves when it accepts connections. @throws Error with its last words when it does not start. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { settings = [], port = 0, sentinel } = options;
  const folder = await temporaryFolder();
  const file = `${folder.path}/sentinel.conf`;
  if (sentinel !== undefined) await writeFile(file, sentinel);
  const chosen = port === 0 ? await freePort() : port;
  const args = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const mode = sentinel === undefined ? [] : [file, '--sentinel'];
  const command = ['redis-server', ...mode, ...args, '--dir', folder.path, '--loglevel', 'notice', ...settings];
  const guard = spawn('sh', ['-c', `exec 3<&0; ${GUARD}`, 'sh', folder.path, ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const pid = await untilReady(guard);
    let stopping: Promise<void> | null = null;
    const stop = (): Promise<void> => (stopping ??= end(guard).then(() => folder.remove()));
    return { port: chosen, url: `redis://127.0.0.1:${chosen}`, pid, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await end(guard);
    await folder.remove();
    // Somebody took the port meanwhile.
    if (port === 0 && String(error).includes('Address already in use')) return startRedis(options);
    throw error;
  }
}

/** A port that nobody listens on, just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(guard: ChildProcess): Promise<number> {
  const { stdout } = guard;
  if (stdout === null) throw new Error('redis-server has no output');
  const said: string[] = [];
  let pid: number | null = null;
  let isReady = false;
  for await (const line of createInterface({ input: stdout })) {
    said.push(line);
    if (line.startsWith('pid ')) pid = Number(line.slice(4));
    isReady ||= READY.test(line);
    // The two write to one pipe, and either may be first. Who signalled the process 0 would signal our whole group.
    if (isReady && pid !== null) {
      stdout.resume();
      return pid;
    }
  }
  throw new Error(`redis-server did not start:\n${said.slice(-12).join('\n')}`);
}

async function end(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const ended = once(guard, 'exit');
  guard.stdin?.end();
  await ended;
}

let shared: Promise<RedisServer> | null = null;

/** The one server of this test process, which ends with it: for tests that leave it as they found it. */
export function sharedRedis(): Promise<RedisServer> {
  shared ??= startRedis();
  return shared;
}
