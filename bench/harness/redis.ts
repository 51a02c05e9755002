/** A Redis of its own on a free port, with its data in a folder that goes with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface BenchRedis extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  readonly version: string;
  /** Takes everything away. */
  empty(): Promise<void>;
}

/** @param durable with an append-only file, synced every second. */
export async function startRedis(durable: boolean): Promise<BenchRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'jobsched-bench-'));
  const port = await freePort();
  const aof = durable ? ['--appendonly', 'yes', '--appendfsync', 'everysec'] : ['--appendonly', 'no'];
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...aof];
  const server = spawn('redis-server', flags, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(server, 'spawn');
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  const admin = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: null });
  admin.on('error', () => {}); // Until it listens.
  const info = await admin.info('server');
  return {
    port,
    pid: server.pid ?? 0,
    url: `redis://127.0.0.1:${port}`,
    version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
    empty: async () => void (await admin.flushall('SYNC')),
    [Symbol.asyncDispose]: async () => {
      admin.disconnect();
      process.off('exit', kill);
      kill();
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
