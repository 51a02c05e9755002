/**
 * Stopping servers and workers one after the other, as an upgrade does, under load: a client that tries twice notices
 * nothing, and no run is lost. The tests run side by side, each on a Redis of its own.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { DaemonProcess } from '../support/daemon-process.ts';
import { long } from '../support/long.ts';
import { freePort } from '../support/redis.ts';
import { onSite as it, untilOutput, untilStatus } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';
import { readWitness, witnessed } from '../support/witness.ts';

/** How often all servers and workers are restarted. */
const ROUNDS = long ? 10 : 1;
const CLIENTS = 4;
const PATIENCE = { timeout: long ? 900_000 : 120_000 };

interface Tally {
  readonly acknowledged: Set<string>;
  requests: number;
  retried: number;
  readonly failed: string[];
}

/** Submits and reads without a pause, over all servers in turn, and asks the next one when one does not answer. */
async function load(urls: readonly string[], command: string, tally: Tally, stopped: AbortSignal): Promise<void> {
  for (let turn = 0; !stopped.aborted; turn++) {
    const submit = { method: 'POST', body: JSON.stringify({ command }) };
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
    const ask = (to: number): Promise<Response> => {
      const url = urls[to % urls.length] ?? '';
      return turn % 3 === 2 ? fetch(`${url}/api/stats`) : fetch(`${url}/api/jobs`, { ...submit, headers });
    };
    const answered = async (to: number): Promise<string> => {
      const response = await ask(to);
      const body = (await response.json()) as JobView;
      if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
      return turn % 3 === 2 ? '' : body.id;
    };
    tally.requests += 1;
    try {
      const id = await answered(turn).catch((error: unknown) => {
        tally.retried += 1;
        return answered(turn + 1).catch((again: unknown) =>
          Promise.reject(new Error(`${String(error)}; ${String(again)}`)),
        );
      });
      if (id !== '') tally.acknowledged.add(id);
    } catch (error) {
      tally.failed.push(String(error));
    }
    await sleep(15);
  }
}

async function restart(daemon: DaemonProcess, start: () => Promise<DaemonProcess>): Promise<DaemonProcess> {
  expect(await daemon.end('SIGTERM')).toBe(0);
  return start();
}

/** All that the run writes, followed to its end. @param begun called when the first of it has come. */
async function followed(client: Client, run: string, begun: () => void): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const event of client.runs.follow(run)) {
    if (event.kind !== 'output') continue;
    pieces.push(event.bytes);
    begun();
  }
  return Buffer.concat(pieces).toString();
}

describe.concurrent('a rolling restart', () => {
  it(`${ROUNDS} times, under load: no request fails twice, and every run is run once`, PATIENCE, async ({ site }) => {
    const ports = await Promise.all([freePort(), freePort()]);
    const servers = await Promise.all(ports.map((port) => site.serve('--port', String(port))));
    const workers = await Promise.all(['w1', 'w2'].map((name) => site.worker(name)));
    const file = join(site.folder, 'witness');
    const tally: Tally = { acknowledged: new Set(), requests: 0, retried: 0, failed: [] };
    const stop = new AbortController();
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const command = witnessed(file, 'sleep 0.03');
    const clients = Array.from({ length: CLIENTS }, () => load(urls, command, tally, stop.signal));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, port] of ports.entries()) {
        const server = servers[index];
        if (server) servers[index] = await restart(server, () => site.serve('--port', String(port)));
        const worker = workers[index];
        if (worker) workers[index] = await restart(worker, () => site.worker(`w${index + 1}`));
      }
    }
    stop.abort();
    await Promise.all(clients);
    expect(tally.failed).toEqual([]);
    expect(tally.acknowledged.size).toBeGreaterThan(50 * ROUNDS);

    const [server] = servers;
    if (server === undefined) throw new Error('no server');
    const client = site.clientOf(server);
    await untilSeen(client, async () => {
      const { runs } = await client.stats();
      return runs.pending + runs.running === 0 ? true : null;
    });
    const runs = await Array.fromAsync(client.runs.all({ limit: 200 }));
    expect(runs.filter(({ status, attempt }) => status !== 'succeeded' || attempt !== 1)).toEqual([]);
    expect(new Set(runs.map(({ job_id }) => job_id))).toEqual(tally.acknowledged);
    const lines = await readWitness(file);
    for (const event of ['start', 'end']) {
      const of = lines.filter((line) => line.event === event).map(({ run }) => run);
      expect(of.toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
    }
    const { requests, retried } = tally;
    console.info(`rolling restart: ${requests} requests, ${retried} tried again, ${runs.length} runs`);
  });

  it('of a server is not noticed by who follows a run', PATIENCE, async ({ site }) => {
    const port = String(await freePort());
    const [first, worker] = await Promise.all([site.serve('--port', port), site.worker('w1')]);
    let server = first;
    const client = site.clientOf(server);
    const numbers = `n=0; until [ -e '${site.folder}/go' ]; do n=$((n + 1)); echo "$n"; sleep 0.02; done; echo last`;
    const job = await client.jobs.create({ command: numbers });
    const run = `${job.id}.1`;
    const { promise: isFollowed, resolve: begun } = Promise.withResolvers<void>();
    const seen = followed(client, run, begun);
    await isFollowed;
    for (let round = 0; round < 2; round++) server = await restart(server, () => site.serve('--port', port));
    await writeFile(join(site.folder, 'go'), '');
    const lines = (await seen).trim().split('\n');
    expect(lines.at(-1)).toBe('last');
    expect(lines.slice(0, -1)).toEqual(lines.slice(0, -1).map((_, index) => String(index + 1)));
    expect(worker.log.filter(({ msg }) => String(msg).includes('lost'))).toEqual([]);
  });

  it('of a worker gives back what it had not started, and waits for what it had', PATIENCE, async ({ site }) => {
    const [server, first] = await Promise.all([site.serve(), site.worker('w1', '--concurrency', '2')]);
    const client = site.clientOf(server);
    const command = `echo up; until [ -e '${site.folder}/go' ]; do sleep 0.02; done`;
    await client.jobs.createMany(Array.from({ length: 6 }, () => ({ command })));
    await untilSeen(client, async () => ((await client.stats()).runs.running === 2 ? true : null));
    const running = await Array.fromAsync(client.runs.all({ status: ['running'] }));
    await Promise.all(running.map(({ id }) => untilOutput(client, id)));
    first.process.kill('SIGTERM');
    await first.said('waiting for runs to end');
    const second = await site.worker('w2', '--concurrency', '6');
    await untilSeen(client, async () => ((await client.stats()).runs.running === 6 ? true : null));
    await writeFile(join(site.folder, 'go'), '');
    await first.ended;
    expect(first.process.exitCode).toBe(0);
    await untilSeen(client, async () => ((await client.stats()).runs.succeeded === 6 ? true : null));
    const byWorker = Map.groupBy(await Array.fromAsync(client.runs.all()), ({ worker }) => worker);
    expect([byWorker.get('w1')?.length, byWorker.get('w2')?.length]).toEqual([2, 4]);
    expect(second.log.filter(({ msg }) => String(msg).includes('lost'))).toEqual([]);
  });
});

describe.concurrent('a server that is told to stop', () => {
  /** Asks on a connection that the client means to keep. */
  async function askOn(socket: Socket, path: string): Promise<string> {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
  }

  async function connectionTo(server: DaemonProcess): Promise<Socket> {
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
    await once(socket, 'connect');
    return socket;
  }

  it(
    'answers for its --shutdown-delay, says that it is not ready, and lets connections go',
    PATIENCE,
    async ({ site }) => {
      const [server] = await Promise.all([site.serve('--shutdown-delay', '600'), site.worker('w1')]);
      const [kept, other] = await Promise.all([connectionTo(server), connectionTo(server)]);
      expect(await askOn(kept, '/livez')).toMatch(/^HTTP\/1.1 200 OK\r\n(?:.*\r\n)*Connection: keep-alive/i);
      const client = site.clientOf(server);
      server.process.kill('SIGTERM');
      await server.said('stopping');
      const heard = performance.now();
      expect(await askOn(other, '/readyz')).toMatch(/^HTTP\/1.1 503 /);
      const closed = once(kept, 'close');
      expect(await askOn(kept, '/livez')).toMatch(/^HTTP\/1.1 200 OK\r\n(?:.*\r\n)*Connection: close/i);
      await closed;
      // All else goes on: what it takes now is done.
      const job = await client.jobs.create({ command: 'echo done' });
      await untilStatus(client, `${job.id}.1`, 'succeeded');
      // What comes within a second after it was heard is taken for the same signal.
      await sleep(Math.max(0, 1_050 - (performance.now() - heard)));
      expect(await server.end('SIGTERM')).toBe(0);
      await expect(fetch(`${server.url}/livez`)).rejects.toThrow('fetch failed');
    },
  );
});
