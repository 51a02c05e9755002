/**
 * Servers, workers and their Redis, as real processes, each behind a proxy of its own: what the faults are done to.
 *
 * Redis keeps what it acknowledged (`appendfsync always`): what is lost here, jobsched has lost.
 */
import { Redis } from 'ioredis';
import { startDaemonProcess, type DaemonProcess } from '../support/daemon-process.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort, startRedis, type RedisServer } from '../support/redis.ts';
import { redisProxy, type RedisProxy } from '../support/redis-proxy.ts';
import { shiftedClock, type ShiftedClock } from '../support/shifted-clock.ts';

/** A server or a worker: the process that there is now, and how to have another in its place. */
export interface Member {
  readonly name: string;
  readonly proxy: RedisProxy;
  readonly clock: ShiftedClock;
  readonly daemon: DaemonProcess;
  /** Resolves when another is ready in the place of the one that ended. */
  start(): Promise<void>;
}

export interface Fleet extends AsyncDisposable {
  /** Where all of them start, and where commands may leave what the checker reads. */
  readonly folder: string;
  /** The one that there is now. */
  readonly redis: RedisServer;
  /** Starts Redis again on its port, with what it kept. */
  restartRedis(): Promise<void>;
  readonly servers: readonly Member[];
  readonly workers: readonly Member[];
  /** Of the servers, which keep them when they are started again. */
  readonly urls: readonly string[];
  /** Past all proxies, for as long as it takes `act`. */
  onRedis<T>(act: (redis: Redis) => Promise<T>): Promise<T>;
}

export interface FleetOptions {
  readonly servers: number;
  readonly workers: number;
  /** Of each worker. */
  readonly concurrency: number;
}

export async function openFleet({ servers, workers, concurrency }: FleetOptions): Promise<Fleet> {
  const stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await temporaryFolder());
  const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder];
  const runRedis = async (port = 0): Promise<RedisServer> => stack.use(await startRedis({ port, settings: kept }));
  let redis = await runRedis();
  const member = async (name: string, words: readonly string[]): Promise<Member> => {
    const proxy = stack.use(await redisProxy(redis.port));
    const clock = await shiftedClock(folder, name, 0);
    const args = [...words, '--wait', '--redis-addr', `127.0.0.1:${proxy.port}`];
    const start = async (): Promise<DaemonProcess> =>
      stack.use(await startDaemonProcess({ folder, args, env: clock.env }));
    let daemon = await start();
    return {
      name,
      proxy,
      clock,
      get daemon() {
        return daemon;
      },
      start: async () => {
        daemon = await start();
      },
    };
  };
  const ports = await Promise.all(Array.from({ length: servers }, () => freePort()));
  const names = Array.from({ length: workers }, (_, index) => `worker-${index}`);
  return {
    folder,
    get redis() {
      return redis;
    },
    restartRedis: async () => {
      await redis.stop();
      redis = await runRedis(redis.port);
    },
    servers: await Promise.all(
      ports.map((port, index) => member(`server-${index}`, ['serve', '--port', String(port)])),
    ),
    workers: await Promise.all(
      names.map((name) => member(name, ['worker', '--name', name, '--concurrency', String(concurrency)])),
    ),
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    onRedis: async (act) => {
      const client = new Redis(redis.url, { retryStrategy: () => 200 });
      client.on('error', () => undefined);
      try {
        return await act(client);
      } finally {
        client.disconnect();
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
