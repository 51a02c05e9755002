/**
 * A Redis that dies, is slow, is full, takes no writes, forgets scripts, ends connections: under servers and workers of
 * the real program, and seen through the API. Each test has a Redis of its own; they run side by side, since they mostly
 * wait.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import type { Problem } from '../../src/http/schema/problem.ts';
import type { DaemonProcess } from '../support/daemon-process.ts';
import { long } from '../support/long.ts';
import { redisProxy } from '../support/redis-proxy.ts';
import { onSite as it, untilOutput, untilStatus, type Site } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';
import { readWitness, witnessed } from '../support/witness.ts';

const KILLS = long ? 100 : 2;
/** Of scripts forgotten and connections ended, each. */
const STORMS = long ? 200 : 20;

describe.concurrent('a Redis', { timeout: long ? 900_000 : 90_000 }, () => {
  it(`killed ${KILLS} times under load loses no acknowledged job, and no command notices`, async ({ site }) => {
    const [server] = await Promise.all([site.serve(), site.worker('w1')]);
    const load = new Load(site, server, 'sleep 0.2');
    for (let kill = 0; kill < KILLS; kill++) {
      await load.untilMore(30);
      site.killRedis();
      await site.restartRedis();
    }
    await load.untilMore(30);
    await load.expectAllDoneOnce();
  });

  it('that forgets its scripts and ends all connections, time and again, loses and doubles nothing', async ({
    site,
  }) => {
    const [server] = await Promise.all([site.serve(), site.worker('w1')]);
    const load = new Load(site, server, 'true');
    await withRedis(site, async (redis) => {
      for (let storm = 0; storm < STORMS; storm++) {
        await load.untilMore(5);
        await (storm % 2 === 0 ? redis.script('FLUSH') : redis.call('CLIENT', 'KILL', 'SKIPME', 'yes'));
      }
    });
    await load.untilMore(5);
    await load.expectAllDoneOnce();
  });

  it.for(long ? [200, 5_000] : [200])('whose every reply comes %d ms late works, late', async (lagMs, { site }) => {
    await using slow = await redisProxy(site.redis.port);
    const [server, works] = await Promise.all([
      site.start(['serve', '--port', '0'], slow.port),
      site.start(['worker', '--name', 'w1'], slow.port),
    ]);
    slow.lagMs = lagMs;
    const file = join(site.folder, 'witness');
    // As long as leases would last.
    const command = witnessed(file, `sleep ${long ? 20 : 3}`);
    const made = await Promise.all(Array.from({ length: 10 }, () => submit(server.url, { command }, randomUUID())));
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
    const client = site.clientOf(server);
    const runs = await untilSeen(client, async () => {
      const { rows } = await client.runs.list({ limit: 200 });
      return rows.every(({ finished_at }) => finished_at !== null) ? rows : null;
    });
    expect(runs.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(made.map(() => 'succeeded 1'));
    expect((await readWitness(file)).length).toBe(2 * made.length);
    expect(works.log.filter(({ msg }) => String(msg).includes('lost'))).toEqual([]);
  });

  it.for([
    ['full', 'demoted', 'busy'],
    ['without-replicas', 'unsaved'],
  ])('that is %s takes no writes and says why; what runs is recorded afterwards', async (names, { site }) => {
    const [server] = await Promise.all([site.serve(), site.worker('w1')]);
    const client = site.clientOf(server);
    await withRedis(site, async (redis) => {
      for (const { name, begin, end, becomes } of troubles(site, redis)) {
        if (!names.includes(name)) continue;
        const command = `echo begun; while ! [ -e '${site.folder}/${name}' ]; do sleep 0.05; done`;
        const job = await client.jobs.create({ command });
        await untilOutput(client, `${job.id}.1`);
        await begin();
        const key = randomUUID();
        const { status, body } = await refusal(server.url, key, becomes.code);
        expect(body, name).toMatchObject(becomes);
        expect(status, name).toBe(becomes.status);
        expect(body.hint, name).toMatch(/\S/);
        // It ends meanwhile.
        await mkdir(join(site.folder, name));
        await sleep(200);
        await end();
        // It goes on by itself, and the job that was refused is made once.
        const id = await untilMade(server.url, key);
        expect(await untilStatus(client, `${id}.1`, 'succeeded'), name).toMatchObject({ attempt: 1 });
        expect(await untilStatus(client, `${job.id}.1`, 'succeeded'), name).toMatchObject({ attempt: 1 });
        // The scheduler hears of it at its next round.
        while ((await fetch(`${server.url}/readyz`)).status !== 200) await sleep(50);
      }
    });
  });
});

interface Trouble {
  readonly name: string;
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
  readonly becomes: Pick<Problem, 'code' | 'status'>;
}

function troubles({ folder }: Site, redis: Redis): readonly Trouble[] {
  return [
    {
      name: 'full',
      begin: () => redis.config('SET', 'maxmemory', '1'),
      end: () => redis.config('SET', 'maxmemory', '0'),
      becomes: { code: 'engine_full', status: 507 },
    },
    {
      name: 'demoted',
      begin: () => redis.replicaof('127.0.0.1', '1'),
      end: () => redis.replicaof('NO', 'ONE'),
      becomes: { code: 'engine_read_only', status: 503 },
    },
    {
      name: 'without-replicas',
      begin: () => redis.config('SET', 'min-replicas-to-write', '1'),
      end: () => redis.config('SET', 'min-replicas-to-write', '0'),
      becomes: { code: 'engine_read_only', status: 503 },
    },
    {
      name: 'unsaved',
      // It cannot put its file where a folder is.
      begin: async () => {
        await mkdir(join(folder, 'dump.rdb'));
        await redis.config('SET', 'save', '3600 1');
        await redis.bgsave();
        while (!(await redis.info('persistence')).includes('rdb_last_bgsave_status:err')) await sleep(20);
      },
      end: async () => {
        await rm(join(folder, 'dump.rdb'), { recursive: true });
        await redis.bgsave();
      },
      becomes: { code: 'engine_read_only', status: 503 },
    },
    {
      name: 'busy',
      begin: async () => {
        await redis.config('SET', 'busy-reply-threshold', '50');
        const other = redis.duplicate();
        other.eval('while true do end', 0).catch(() => other.disconnect());
        const answers = (): Promise<boolean> =>
          redis.ping().then(
            () => true,
            () => false,
          );
        while (await answers()) await sleep(10);
      },
      end: () => redis.script('KILL'),
      becomes: { code: 'engine_unavailable', status: 503 },
    },
  ];
}

/** People who submit without a pause, and ask again with the same key when they get no answer, or are refused. */
class Load {
  readonly #site: Site;
  readonly #server: DaemonProcess;
  readonly #witness: string;
  readonly #acknowledged = new Set<string>();
  readonly #people: Promise<void>[];
  #done = false;

  constructor(site: Site, server: DaemonProcess, work: string) {
    this.#site = site;
    this.#server = server;
    this.#witness = join(site.folder, 'witness');
    this.#people = Array.from({ length: 2 }, () => this.#submit(witnessed(this.#witness, work)));
  }

  /** Resolves when so many more were acknowledged. */
  async untilMore(count: number): Promise<void> {
    const enough = this.#acknowledged.size + count;
    while (this.#acknowledged.size < enough) await sleep(10);
  }

  /** Each acknowledged job has run once, at its first attempt, and nothing else has. */
  async expectAllDoneOnce(): Promise<void> {
    this.#done = true;
    await Promise.all(this.#people);
    const client = this.#site.clientOf(this.#server);
    const runs = await untilSeen(client, async () => {
      const all = await Array.fromAsync(client.runs.all({ limit: 200 }));
      return all.every(({ finished_at }) => finished_at !== null) ? all : null;
    });
    expect(new Set(runs.map(({ job_id }) => job_id))).toEqual(this.#acknowledged);
    expect(runs.filter(({ status, attempt }) => status !== 'succeeded' || attempt !== 1)).toEqual([]);
    const lines = await readWitness(this.#witness);
    expect(lines.length).toBe(2 * runs.length);
    expect(new Set(lines.map(({ run }) => run)).size).toBe(runs.length);
  }

  async #submit(command: string): Promise<void> {
    while (!this.#done) this.#acknowledged.add(await untilMade(this.#server.url, randomUUID(), { command }));
  }
}

/** Asks until it is acknowledged. @returns the job's id. */
async function untilMade(url: string, key: string, job: object = { command: 'true' }): Promise<string> {
  for (;;) {
    const { status, body } = await submit(url, job, key);
    if (status === 201 || status === 200) return body.id;
    if (status < 500) throw new Error(JSON.stringify(body));
    await sleep(50);
  }
}

async function submit(
  url: string,
  job: object,
  key: string,
): Promise<{ readonly status: number; readonly body: Problem & { readonly id: string } }> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const answer = await fetch(`${url}/api/jobs`, { method: 'POST', headers, body: JSON.stringify(job) });
  return { status: answer.status, body: (await answer.json()) as Problem & { readonly id: string } };
}

/** What a submit is told once the server knows what is wrong: while it looks, Redis is just away. */
async function refusal(url: string, key: string, code: string): ReturnType<typeof submit> {
  for (;;) {
    const told = await submit(url, { command: 'true' }, key);
    if (told.body.code === code || told.body.code !== 'engine_unavailable') return told;
    await sleep(50);
  }
}

async function withRedis(site: Site, act: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(site.redis.url);
  redis.on('error', () => undefined);
  try {
    await act(redis);
  } finally {
    redis.disconnect();
  }
}
