/** The store over TLS: with whom it speaks, and whose certificates it trusts. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSettings, type Flags } from '../../src/config/load.ts';
import { thisMachine } from '../../src/config/machine.ts';
import { SETTINGS_OF } from '../../src/config/settings.ts';
import { startOnRedis } from '../../src/daemon/open-redis.ts';
import { createLogger } from '../../src/log.ts';
import type { Store } from '../../src/store/store.ts';
import { makeCertificates, type Certificates } from '../support/certificates.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { freePort, startRedis } from '../support/redis.ts';

const logger = createLogger({ level: 'silent', pretty: false });

test('speaks with nobody whose certificate it cannot trust', async () => {
  const certificates = await makeCertificates();
  const port = await tlsServer(certificates);
  const open = (host: string): Promise<Store> => opened({ redisUrl: `rediss://${host}:${port}` });
  await expect(open('127.0.0.1')).rejects.toMatchObject({
    code: 'engine_unavailable',
    message: expect.stringContaining('SELF_SIGNED_CERT_IN_CHAIN') as unknown,
    hint: expect.stringContaining('--redis-ca') as unknown,
  });
  const trusted = getCACertificates();
  onTestFinished(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([...trusted, certificates.pem]);
  for (const host of ['127.0.0.1', 'localhost']) await isUsed(await open(host));
});

describe('with an authority of its own', () => {
  test('trusts it, and no other', async () => {
    const certificates = await makeCertificates();
    const port = await tlsServer(certificates);
    const { authority: redisCa } = certificates;
    for (const host of ['127.0.0.1', 'localhost']) {
      await isUsed(await opened({ redisUrl: `rediss://${host}:${port}`, redisCa }));
    }
    await isUsed(await opened({ redisAddr: `localhost:${port}`, redisTls: true, redisCa }));
    const { authority: other } = await makeCertificates();
    await expect(opened({ redisUrl: `rediss://127.0.0.1:${port}`, redisCa: other })).rejects.toMatchObject({
      code: 'engine_unavailable',
    });
  });

  test('trusts it in a cluster, for whoever is asked and for the owner of the slot', async () => {
    const certificates = await makeCertificates();
    const bus = await freePort();
    const settings = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--tls-cluster', 'yes'];
    const port = await tlsServer(certificates, settings);
    const redis = new Redis(port, { tls: { ca: certificates.pem } });
    onTestFinished(() => redis.disconnect());
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    const state = async (): Promise<string> => String(await redis.call('CLUSTER', 'INFO'));
    await expect.poll(state, { timeout: 20_000, interval: 50 }).toContain('cluster_state:ok');
    const redisUrl = `rediss-cluster://127.0.0.1:${port}`;
    await isUsed(await opened({ redisUrl, redisCa: certificates.authority }));
    await expect(opened({ redisUrl })).rejects.toThrow('SELF_SIGNED_CERT_IN_CHAIN');
  });

  test('trusts it with Sentinel', async () => {
    const certificates = await makeCertificates();
    const port = await tlsServer(certificates);
    const watches = [`sentinel monitor mymaster 127.0.0.1 ${port} 1`, 'tls-replication yes', ''];
    const sentinel = await tlsServer(certificates, [], watches.join('\n'));
    const redisUrl = `rediss-sentinel://127.0.0.1:${sentinel}`;
    await isUsed(await opened({ redisUrl, redisCa: certificates.authority }));
  });

  test.each([
    ['is not there', '/nowhere/ca.pem', 'ENOENT'],
    ['holds no certificate', null, 'holds no certificate that can be read'],
  ])('refuses one whose file %s', async (_, path, why) => {
    const { key } = await makeCertificates();
    const refused = opened({ redisUrl: 'rediss://127.0.0.1:1', redisCa: path ?? key });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_config', field: '--redis-ca' });
    await expect(refused).rejects.toThrow(why);
  });

  test('refuses one that nothing would look at', async () => {
    const { authority: redisCa } = await makeCertificates();
    await expect(opened({ redisUrl: 'redis://127.0.0.1:1', redisCa })).rejects.toMatchObject({
      code: 'invalid_config',
      field: '--redis-ca',
      message: '--redis-ca is for TLS, which is not spoken to this Redis',
    });
  });
});

/** As a daemon opens it with these flags. */
async function opened(flags: Flags): Promise<Store> {
  const machine = { ...thisMachine(), env: {} };
  const { settings } = await loadSettings(SETTINGS_OF.worker, flags, machine);
  const store = await startOnRedis({ settings, logger }, (started) => Promise.resolve(started));
  onTestFinished(() => store.close());
  return store;
}

async function isUsed(store: Store): Promise<void> {
  expect(await store.createJobs([newJob(onceDefinition())], null)).toMatchObject([{ status: 'created' }]);
}

/** @returns the port on which a server speaks TLS, and wants no certificate of its clients. */
async function tlsServer(
  { authority, certificate, key }: Certificates,
  settings: readonly string[] = [],
  sentinel?: string,
): Promise<number> {
  const port = await freePort();
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', authority];
  const tls = ['--tls-port', String(port), ...files, '--tls-auth-clients', 'no', ...settings];
  const server = await startRedis({ settings: tls, ...(sentinel === undefined ? {} : { sentinel }) });
  onTestFinished(() => server.stop());
  return port;
}
