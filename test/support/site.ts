/** jobsched on a Redis of its own, as real processes: any number of servers and workers, and faults between them. */
import { test, type TestAPI } from 'vitest';
import { createClient, type Client, type RunView } from '../../src/client/client.ts';
import type { NewJobBody } from '../../src/http/schema/job-body.ts';
import { startDaemonProcess, type DaemonProcess } from './daemon-process.ts';
import { temporaryFolder } from './folder.ts';
import { startRedis, type RedisServer } from './redis.ts';
import { untilSeen } from './until-seen.ts';

export interface Site extends AsyncDisposable {
  /** Where all of them start, and where commands may leave what the test reads. */
  readonly folder: string;
  /** The one that answers now, or did last. It keeps what it acknowledged, also when it is killed. */
  readonly redis: RedisServer;
  /** A daemon of these words. @param port its Redis, or what stands before it. Default: that of `redis`. */
  start(words: readonly string[], port?: number, env?: Readonly<Record<string, string>>): Promise<DaemonProcess>;
  serve(...flags: string[]): Promise<DaemonProcess>;
  worker(name: string, ...flags: string[]): Promise<DaemonProcess>;
  clientOf(server: DaemonProcess): Client;
  killRedis(): void;
  /** Starts it again on the same port, with what it kept. */
  restartRedis(): Promise<void>;
}

/** Disposing of it ends all its processes. */
export async function openSite(): Promise<Site> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const kept = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder.path];
  const run = async (port = 0): Promise<RedisServer> => stack.use(await startRedis({ port, settings: kept }));
  let redis = await run();
  const start: Site['start'] = async (words, port = redis.port, env = {}) => {
    const args = [...words, '--redis-addr', `127.0.0.1:${port}`];
    return stack.use(await startDaemonProcess({ folder: folder.path, args, env }));
  };
  return {
    folder: folder.path,
    get redis() {
      return redis;
    },
    start,
    serve: (...flags) => start(['serve', '--port', '0', ...flags]),
    worker: (name, ...flags) => start(['worker', '--name', name, ...flags]),
    clientOf: ({ url }) => stack.adopt(createClient({ server: url, waitMs: 0 }), (client) => client.close()),
    killRedis: () => void process.kill(redis.pid, 'SIGKILL'),
    restartRedis: async () => {
      await redis.stop();
      redis = await run(redis.port);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A test with a `site` of its own: also beside others. */
export const onSite: TestAPI<{ site: Site }> = test.extend<{ site: Site }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs.
  site: async ({}, use) => {
    await using site = await openSite();
    await use(site);
  },
});

/** Resolves with the run once it has that status. */
export function untilStatus(client: Client, run: string, status: RunView['status']): Promise<RunView> {
  return untilSeen(client, async () => {
    const seen = await client.runs.get(run);
    return seen.status === status ? seen : null;
  });
}

/** Resolves with the run once its worker is out of contact. */
export function untilContactLost(client: Client, run: string): Promise<RunView> {
  return untilSeen(client, async () => {
    const seen = await client.runs.get(run);
    return seen.contact_lost ? seen : null;
  });
}

/** Makes the job, and resolves with its first run's id when that has written something. */
export async function begun(client: Client, job: NewJobBody): Promise<string> {
  const { id } = await client.jobs.create(job);
  await untilOutput(client, `${id}.1`);
  return `${id}.1`;
}

/** Resolves when the run has written something. */
export async function untilOutput(client: Client, run: string): Promise<void> {
  for await (const event of client.runs.follow(run)) if (event.kind === 'output') return;
}

/** All that its newest attempt wrote. */
export async function textOf(client: Client, run: string): Promise<string> {
  return Buffer.concat(await Array.fromAsync(client.runs.output(run))).toString();
}
