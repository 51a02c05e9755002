/**
 * What commands print, end to end: whatever they print, however much, whoever reads it, and whoever dies. On both
 * engines, as real processes; the tests run side by side.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { DEPLOYMENTS, type Deployment } from '../support/deployment.ts';
import { long } from '../support/long.ts';
import { Chance } from '../simulation/chance.ts';
import { seed } from '../support/seed.ts';
import { mostResident, residentFromNow } from '../support/memory.ts';
import { untilOutput, untilStatus } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';

const MIB = 2 ** 20;
const PATIENCE = { timeout: long ? 600_000 : 90_000 };
/** What `yes` prints, in bytes. */
const FLOOD = long ? 10_000_000_000 : 200_000_000;
const CHATTY = long ? 1_000 : 100;
const KILLS = long ? 50 : 1;
const READERS = 100;
/** Of the output of the run that they follow. */
const KEPT = 32 * MIB;

const pidOf = ({ process }: Deployment['server']): number => process.pid ?? 0;

/** Submits a command and waits for its success. @returns its run. */
async function ran(client: Client, command: string, fields: { readonly output_limit_bytes?: number } = {}) {
  const job = await client.jobs.create({ command, ...fields });
  return untilStatus(client, `${job.id}.1`, 'succeeded');
}

async function bytesOf(client: Client, run: string, stream?: 'stdout' | 'stderr'): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(client.runs.output(run, { stream })));
}

/** Whether it is the same, without a difference of megabytes on the screen. */
const same = (one: Buffer, other: Buffer): boolean => one.equals(other);

/** Connections that ask for something that goes on, and never read it. Resolves when all are being answered. */
async function deafReaders(server: Deployment['server'], path: string): Promise<Socket[]> {
  const { port } = new URL(server.url);
  return Promise.all(
    Array.from({ length: READERS }, async () => {
      const socket = createConnection({ host: '127.0.0.1', port: Number(port) });
      socket.on('error', () => undefined).write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const [head] = (await once(socket, 'data')) as [Buffer];
      socket.pause();
      expect(head.toString('latin1').split('\r\n', 1)[0]).toBe('HTTP/1.1 200 OK');
      return socket;
    }),
  );
}

describe.concurrent.each(DEPLOYMENTS)('output by $name', ({ open }) => {
  it('is kept byte for byte: all 256 values, no text at all, a line of 10 MB', PATIENCE, async () => {
    await using site = await open();
    const { client } = site;
    const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const brokenText = Buffer.from([0xc3, 0x28, 0xe2, 0x82, 0xff, 0xfe, 0x00, 0x0d, 0x0a, 0xf0, 0x9f, 0x92]);
    const out = Buffer.concat([all, brokenText, randomBytes(100_000), all.toReversed()]);
    const errors = Buffer.concat([brokenText, randomBytes(50_000), all]);
    await Promise.all([writeFile(join(site.folder, 'out'), out), writeFile(join(site.folder, 'errors'), errors)]);
    const run = await ran(client, `cat '${site.folder}/out'; cat '${site.folder}/errors' >&2`);
    expect(run).toMatchObject({ output_bytes: out.length + errors.length, output_truncated: false });
    expect(same(await bytesOf(client, run.id, 'stdout'), out)).toBe(true);
    expect(same(await bytesOf(client, run.id, 'stderr'), errors)).toBe(true);
    const events = await Array.fromAsync(client.runs.frames(run.id));
    for (const [stream, bytes] of Object.entries({ stdout: out, stderr: errors })) {
      const pieces = events.flatMap((event) => (event.kind === 'output' && event.stream === stream ? event.bytes : []));
      expect(same(Buffer.concat(pieces), bytes)).toBe(true);
    }

    const line = await ran(client, `head -c 10000000 /dev/zero | tr '\\0' x`, { output_limit_bytes: 16 * MIB });
    expect(line).toMatchObject({ output_bytes: 10_000_000, output_truncated: false });
    expect(same(await bytesOf(client, line.id), Buffer.alloc(10_000_000, 'x'))).toBe(true);
  });

  it(`of ${FLOOD / 1e6} MB leaves the worker's memory flat, and keeps the head and the tail`, PATIENCE, async () => {
    await using site = await open();
    const { client } = site;
    await ran(client, 'yes | head -c 5000000');
    const before = await residentFromNow(pidOf(site.worker));
    const run = await ran(client, `echo first; yes | head -c ${FLOOD}; echo last`);
    const grown = (await mostResident(pidOf(site.worker))) - before;
    expect(grown / MIB).toBeLessThan(64);
    expect(run).toMatchObject({ output_bytes: FLOOD + 11, output_truncated: true });
    const text = (await bytesOf(client, run.id)).toString();
    const kept =
      /^first\n((?:y\n)+)\n?\[jobsched: ([\d,]+) bytes are missing here; they were not kept\]\ny?\n?((?:y\n)+)last\n$/;
    const [, head = '', missing = '', tail = ''] = kept.exec(text) ?? [];
    expect(6 + head.length).toBe(256 * 1024);
    expect(tail.length).toBeGreaterThan(768 * 1024 - 8);
    const marks = text.slice(text.indexOf('[jobsched'), text.indexOf(']\n') + 2);
    expect(Number(missing.replaceAll(',', '')) + text.length - marks.length).toBe(FLOOD + 11);
  });

  it(`of ${CHATTY} runs at once is each run's own`, PATIENCE, async () => {
    await using site = await open('--concurrency', '100');
    const { client } = site;
    const command = 'echo "$JOBSCHED_RUN_ID"; echo "not $JOBSCHED_RUN_ID" >&2';
    await client.jobs.createMany(Array.from({ length: CHATTY }, () => ({ command })));
    await untilSeen(client, async () => {
      const { runs } = await client.stats();
      return runs.succeeded === CHATTY ? true : null;
    });
    const runs = await Array.fromAsync(client.runs.all({ limit: 200 }));
    const expectOwn = async ({ id }: (typeof runs)[number]): Promise<void> => {
      expect((await bytesOf(client, id, 'stdout')).toString()).toBe(`${id}\n`);
      expect((await bytesOf(client, id, 'stderr')).toString()).toBe(`not ${id}\n`);
    };
    // Fewer at once than one address may have connections.
    for (let from = 0; from < runs.length; from += 100) await Promise.all(runs.slice(from, from + 100).map(expectOwn));
  });

  it(`survives ${KILLS} kills of the worker, up to the last second (seed ${seed})`, PATIENCE, async () => {
    const chance = new Chance(seed);
    await using site = await open();
    for (let kill = 0; kill < KILLS; kill++) {
      const file = join(site.folder, `printed-${kill}`);
      // Each line tells when it was printed, and goes to the file only after it was.
      const command = `while :; do at=$(date +%s%3N); echo "$at"; echo "$at" >> '${file}'; sleep 0.02; done`;
      const job = await site.client.jobs.create({ command });
      await untilOutput(site.client, `${job.id}.1`);
      await sleep(chance.between(1_200, 1_700));
      const killedAt = Date.now();
      await site.replaceWorker();
      await untilStatus(site.client, `${job.id}.1`, 'failed');
      const kept = (await bytesOf(site.client, `${job.id}.1`)).toString().trim().split('\n');
      const printed = (await readFile(file, 'utf8')).trim().split('\n');
      // The last of what was kept may not have come to the file any more.
      expect(printed.slice(0, kept.length)).toEqual(kept.slice(0, printed.length));
      const due = printed.filter((at) => Number(at) < killedAt - 1_000);
      expect(due.length).toBeGreaterThan(0);
      expect(kept.length).toBeGreaterThanOrEqual(due.length);
    }
  });

  it(`and events cost nothing for ${READERS} readers each that do not read, or vanish`, PATIENCE, async () => {
    await using site = await open();
    const { client, server } = site;
    const job = await client.jobs.create({
      command: `echo up; until [ -e '${site.folder}/go' ]; do sleep 0.05; done; yes | head -c 60000000; echo done`,
      output_limit_bytes: KEPT,
    });
    const run = `${job.id}.1`;
    await untilOutput(client, run);
    // More rounds than places: whoever vanishes leaves his.
    const rounds = [0, 1, 2];
    for (const _ of rounds) {
      const vanish = await deafReaders(server, `/api/runs/${run}/output?follow=1`);
      for (const socket of vanish) socket.resetAndDestroy();
    }
    const before = await residentFromNow(pidOf(server));
    const deaf = [
      ...(await deafReaders(server, `/api/runs/${run}/output?follow=1`)),
      ...(await deafReaders(server, '/api/events')),
    ];
    await writeFile(join(site.folder, 'go'), '');
    await untilStatus(client, run, 'succeeded');
    await client.jobs.createMany(Array.from({ length: 500 }, () => ({ command: 'true', queue: 'nobody' })));
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const grown = (await mostResident(pidOf(server))) - before;
    // A tenth of what they would be sent. What has gone through until a collection of garbage is in it.
    expect(grown).toBeLessThan((READERS * KEPT) / 10);
    if (long) await Promise.all(deaf.slice(0, READERS).map((socket) => once(socket.resume(), 'close')));
    for (const socket of deaf) socket.destroy();
  });
});
