import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobschedError } from '../errors.ts';
import { loadSettings, type Flags } from './load.ts';
import type { Machine } from './machine.ts';
import { SETTINGS, SETTINGS_OF, type SettingName } from './settings.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'jobsched-config-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const machine = (env: Machine['env'] = {}): Machine => ({
  env: { XDG_CONFIG_HOME: join(folder, 'config'), ...env },
  cwd: folder,
  uid: 1000,
  user: 'ann',
  home: '/home/ann',
  hostname: 'web-1',
  cpus: 2,
  timezone: 'Europe/Berlin',
});

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};

const ALL = Object.keys(SETTINGS) as SettingName[];
const load = (flags: Flags = {}, env: Machine['env'] = {}) => loadSettings(ALL, flags, machine(env));

async function failure(flags: Flags = {}, env: Machine['env'] = {}): Promise<JobschedError> {
  try {
    await load(flags, env);
  } catch (error) {
    if (error instanceof JobschedError) return error;
  }
  throw new Error('nothing was refused');
}

describe('defaults', () => {
  it('follow the machine', async () => {
    expect((await load()).settings).toMatchObject({
      host: null,
      port: 8080,
      auth: 'local',
      dataDir: '/home/ann/.local/share/jobsched',
      concurrency: 16,
      queue: ['default'],
      name: 'web-1',
      timezone: 'Europe/Berlin',
      outputBudget: 1024 ** 3,
    });
  });

  it('put the data where XDG or root wants it', async () => {
    expect((await load({}, { XDG_DATA_HOME: '/data' })).settings.dataDir).toBe('/data/jobsched');
    expect((await loadSettings(ALL, {}, { ...machine(), uid: 0 })).settings.dataDir).toBe('/var/lib/jobsched');
  });

  it('are valid values of their own settings', async () => {
    for (const [name, { schema, fallback }] of Object.entries(SETTINGS)) {
      const value = fallback(machine());
      if (value !== null) expect(schema.safeParse(value).success, name).toBe(true);
    }
  });
});

describe('precedence', () => {
  it('is flag, environment, ./jobsched.yaml, the user’s file, default', async () => {
    write('config/jobsched/config.yaml', 'port: 1\nname: user\ndrain_timeout: 5\nconcurrency: 2\n');
    write('jobsched.yaml', 'port: 2\nname: here\nconcurrency: 3\n');
    const { settings, origins } = await load({ port: '4' }, { JOBSCHED_PORT: '3', JOBSCHED_NAME: 'variable' });
    expect(settings).toMatchObject({ port: 4, name: 'variable', concurrency: 3, drainTimeout: 5 });
    expect(origins).toMatchObject({
      port: 'flag',
      name: 'environment',
      concurrency: join(folder, 'jobsched.yaml'),
      drainTimeout: join(folder, 'config/jobsched/config.yaml'),
      dataDir: 'default',
    });
  });

  it('takes an empty variable for none', async () => {
    expect((await load({}, { JOBSCHED_PORT: '' })).settings.port).toBe(8080);
  });
});

describe('values', () => {
  it('are read from text and from YAML alike', async () => {
    write('jobsched.yaml', 'queue: [a, b]\noutput_budget: 2GiB\n');
    expect((await load()).settings).toMatchObject({ queue: ['a', 'b'], outputBudget: 2 * 1024 ** 3 });
    expect((await load({ queue: ['c', 'd,e'] }, { JOBSCHED_OUTPUT_BUDGET: '1048576' })).settings).toMatchObject({
      queue: ['c', 'd', 'e'],
      outputBudget: 1_048_576,
    });
  });

  it('are all reported at once, each with where it stands and why', async () => {
    write('jobsched.yaml', 'concurrency: lots\n');
    const error = await failure({ port: '99999' }, { JOBSCHED_TIMEZONE: 'Mars/Olympus' });
    expect(error).toMatchObject({ code: 'invalid_config', message: '3 settings are not valid' });
    expect(error.hint).toContain('--port (flag) must be at most 65535');
    expect(error.hint).toContain('JOBSCHED_TIMEZONE (environment) is not a time zone that there is');
    expect(error.hint).toContain(`concurrency (${join(folder, 'jobsched.yaml')}) must be a whole number`);
  });

  it.each(['', ' ', '1e3', '0x10', 'NaN', '-1', '8080 '])('refuse %j as a port', async (port) => {
    expect((await failure({ port })).message).toContain('--port');
  });

  it.each(['a b', 'host:', 'héllo', '-x', 'x'.repeat(254)])('refuse %j as the name of a worker', async (name) => {
    expect((await failure({ name })).message).toMatch(/^--name \(flag\) must be .*: jobs are pinned .* host:/);
  });

  it('take the machine’s name for the worker’s, as far as it can be one', async () => {
    const odd = { ...machine(), hostname: '_ann’s laptop' };
    expect((await loadSettings(ALL, {}, odd)).settings.name).toBe('ann-s-laptop');
  });

  it.each(['gpu:1', 'x'.repeat(65), 'host:'])('refuse %j as a queue, as jobs do', async (queue) => {
    expect((await failure({ queue: ['default', queue] })).message).toContain('--queue (flag) must be names of queues');
  });

  it('take the queue of another worker', async () => {
    expect((await load({ queue: ['host:web-2'] })).settings.queue).toEqual(['host:web-2']);
  });

  it('refuse a setting nobody knows', async () => {
    write('jobsched.yaml', 'prot: 1\n');
    expect((await failure({}, { JOBSCHED_PROT: '1' })).hint).toMatch(
      /^JOBSCHED_PROT \(environment\) is not a setting; did you mean JOBSCHED_PORT\?\nprot .* is not .*; did you mean port\?\n/,
    );
  });

  it('pass over what Kubernetes tells of services that are called as we are', async () => {
    const ofService = (service: string, port: number): Machine['env'] => ({
      [`${service}_SERVICE_HOST`]: '10.0.0.1',
      [`${service}_SERVICE_PORT`]: String(port),
      [`${service}_SERVICE_PORT_HTTP`]: String(port),
      [`${service}_PORT`]: `tcp://10.0.0.1:${port}`,
      [`${service}_PORT_${port}_TCP`]: `tcp://10.0.0.1:${port}`,
      [`${service}_PORT_${port}_TCP_PROTO`]: 'tcp',
      [`${service}_PORT_${port}_TCP_PORT`]: String(port),
      [`${service}_PORT_${port}_TCP_ADDR`]: '10.0.0.1',
    });
    const env = { ...ofService('JOBSCHED', 9000), ...ofService('JOBSCHED_REDIS', 6379) };
    const { settings, origins } = await load({}, env);
    expect([settings.port, origins.port]).toEqual([8080, 'default']);
    expect((await load({}, { ...env, JOBSCHED_PORT: '9001' })).settings.port).toBe(9001);
  });

  it('leave alone what belongs to clients and to commands', async () => {
    expect((await load({}, { JOBSCHED_SERVER: 'http://x', JOBSCHED_RUN_ID: 'y' })).settings.port).toBe(8080);
  });
});

describe('Redis', () => {
  it('is on this machine unless somebody says otherwise', async () => {
    expect((await load()).settings).toMatchObject({
      redisAddr: 'localhost:6379',
      redisDb: 0,
      redisPass: null,
      redisUrl: null,
      redisPrefix: 'js',
      wait: false,
    });
  });

  it('is named once: what --redis-url says may not be said again, wherever it stands', async () => {
    write('jobsched.yaml', 'redis_db: 3\n');
    const error = await failure({ redisUrl: 'redis://here' }, { JOBSCHED_REDIS_PASS: 'x' });
    expect(error.hint).toContain('--redis-url (flag) and JOBSCHED_REDIS_PASS (environment) exclude each other');
    expect(error.hint).toContain(
      `--redis-url (flag) and redis_db (${join(folder, 'jobsched.yaml')}) exclude each other`,
    );
  });

  it.each(['http://here', 'redis://', 'localhost'])('refuses %j as its URL', async (redisUrl) => {
    expect((await failure({ redisUrl })).message).toContain('--redis-url (flag) must look like redis://');
  });

  it.each(['a b', 'redis://x', '::1', 'x:port', ''])('refuses %j as its address', async (redisAddr) => {
    expect((await failure({ redisAddr })).message).toContain('--redis-addr');
  });

  it('takes a secret from a file, without its last line feed, and never shows one', async () => {
    write('secret', 'open sesame\n');
    const file = { JOBSCHED_REDIS_PASS_FILE: join(folder, 'secret') };
    expect((await load({}, file)).settings.redisPass).toBe('open sesame');
    expect((await failure({}, { ...file, JOBSCHED_REDIS_PASS: 'x' })).message).toContain('exclude each other');
    expect((await failure({}, { JOBSCHED_REDIS_PASS_FILE: '/nowhere' })).message).toContain('/nowhere (ENOENT)');
    expect((await failure({}, { JOBSCHED_REDIS_URL: 'http://me:hidden@x' })).message).not.toContain('hidden');
  });

  it.each([
    ['true', true],
    [true, true],
    ['0', false],
  ])('takes %j for a switch', async (wait, on) => {
    expect((await load({ wait })).settings.wait).toBe(on);
  });

  it('has several addresses as Sentinels and as a cluster', async () => {
    expect((await load({ redisSentinel: ['a:1', 'b:2,c'] })).settings.redisSentinel).toEqual(['a:1', 'b:2', 'c']);
    expect((await failure({ redisCluster: ['a:1', 'b c'] })).message).toContain('--redis-cluster');
  });
});

it('a command minds only its own settings', async () => {
  const { settings } = await loadSettings(
    SETTINGS_OF.worker,
    {},
    machine({ JOBSCHED_PORT: 'tcp', JOBSCHED_NAME: 'w' }),
  );
  expect(settings.name).toBe('w');
  expect(settings).not.toHaveProperty('port');
});

describe('files', () => {
  it.each([
    ['- a list', 'must be a mapping'],
    ['port: [', 'is not YAML'],
  ])('%j is refused', async (text, message) => {
    write('jobsched.yaml', text);
    expect((await failure()).message).toContain(message);
  });

  it('that cannot be read are named', async () => {
    mkdirSync(join(folder, 'jobsched.yaml'));
    expect((await failure()).message).toContain('cannot be read (EISDIR)');
  });
});
