import { copyFile, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { Agent, request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { makeCertificates, type Certificates } from '../support/certificates.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram } from '../support/program.ts';
import { within } from '../support/wait.ts';

/** The certificate that a new connection is shown. */
function shown(api: Api, ca: readonly string[], options: ConnectionOptions = {}): Promise<PeerCertificate> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>();
  const socket = connect({ port: api.server.port, host: '127.0.0.1', ca: [...ca], ...options }, () => {
    resolve(socket.getPeerCertificate());
    socket.destroy();
  });
  socket.on('error', reject);
  return promise;
}

/** Connects until the one that is shown is as wanted: the server looks at its files every few milliseconds. */
async function untilShown(api: Api, ca: readonly string[], serial: string): Promise<void> {
  const look = async (): Promise<void> => {
    while ((await shown(api, ca)).serialNumber !== serial) await new Promise(setImmediate);
  };
  await within(10_000, look(), () => 'the new certificate was not taken');
}

async function untilLogged(api: Api, words: string): Promise<void> {
  const look = async (): Promise<void> => {
    while (!api.log.some((line) => line.includes(words))) await new Promise(setImmediate);
  };
  await within(10_000, look(), () => `nothing was logged of ${words}`);
}

const filesOf = ({ certificate, key }: Certificates): { readonly certificate: string; readonly key: string } => ({
  certificate,
  key,
});

it('speaks TLS 1.2 and newer, and tells who speaks none in a sentence', async () => {
  const made = await makeCertificates();
  await using api = await startApi({ tls: filesOf(made) });
  expect(api.server.url).toBe(`https://localhost:${api.server.port}`);
  const dispatcher = new Agent({ connect: { ca: made.pem } });
  onTestFinished(() => dispatcher.destroy());
  for (const path of ['/livez', '/api/jobs']) {
    const { statusCode, headers, body } = await request(api.server.url + path, { dispatcher });
    expect(statusCode).toBe(200);
    expect(headers['strict-transport-security']).toBeUndefined();
    await body.dump();
  }
  await expect(shown(api, [made.pem], { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' })).rejects.toThrow(/./);
  expect((await shown(api, [made.pem], { maxVersion: 'TLSv1.2' })).subject.CN).toBe('localhost');

  const plain = await fetch(`http://127.0.0.1:${api.server.port}/api/jobs`);
  expect(plain.status).toBe(400);
  expect(await plain.json()).toMatchObject({
    detail: 'this port speaks TLS, and the request came in plain HTTP',
    hint: expect.stringContaining('https://') as string,
  });
});

it('tells clients of the command line what is wrong', async () => {
  const made = await makeCertificates();
  await using api = await startApi({ tls: filesOf(made) });
  await using plain = await startApi();
  const list = (server: string, env = {}): ReturnType<typeof runProgram> => runProgram(['list'], { server, env });
  const { port } = api.server;
  expect((await list(api.server.url, { NODE_EXTRA_CA_CERTS: made.authority })).code).toBe(0);
  const failed = await Promise.all([
    list(`http://localhost:${port}`),
    list(`https://localhost:${plain.server.port}`),
    list(`https://localhost:${port}`),
    list(`https://[::1]:${port}`, { NODE_EXTRA_CA_CERTS: made.authority }),
  ]);
  const wanted = [/this port speaks TLS/, /speaks no TLS/, /not one to be trusted/, /for another name/];
  for (const [index, { code, stderr }] of failed.entries()) {
    expect(code).toBe(index === 0 ? 2 : 5);
    expect(stderr).toMatch(wanted[index] ?? /never/);
  }
});

it('stops also while somebody has connected and says nothing', async () => {
  const made = await makeCertificates();
  await using api = await startApi({ tls: filesOf(made), limits: { stopTimeoutMs: 100 } });
  const { port } = api.server;
  const silent = connectPlain({ port, host: '127.0.0.1' });
  const half = connectPlain({ port, host: '127.0.0.1' }, () => half.write(Buffer.from([0x16, 3, 1])));
  for (const socket of [silent, half]) socket.on('error', () => undefined).resume();
  // By then the server has seen them.
  await shown(api, [made.pem]);
  await within(5_000, api.server.stop(), () => 'the server does not stop');
});

it('takes a new pair without a restart, however it comes, and keeps the old one instead of a broken one', async () => {
  const [first, second, third] = [await makeCertificates(), await makeCertificates(), await makeCertificates()];
  const authorities = [first, second, third].map(({ pem }) => pem);
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  // As certbot has it: links in one folder, to files in another; and as Kubernetes does: a link to a folder.
  const at = (name: string): string => `${folder.path}/${name}`;
  await mkdir(at('archive'));
  await mkdir(at('live'));
  for (const [number, made] of [first, second].entries()) {
    await copyFile(made.certificate, at(`archive/cert${number}.pem`));
    await copyFile(made.key, at(`archive/key${number}.pem`));
  }
  const pointTo = async (name: 'cert' | 'key', number: number): Promise<void> => {
    await symlink(`../archive/${name}${number}.pem`, at('live/new'));
    await rename(at('live/new'), at(`live/${name}.pem`));
  };
  await pointTo('cert', 0);
  await pointTo('key', 0);
  const tls = { certificate: at('live/cert.pem'), key: at('live/key.pem') };
  await using api = await startApi({ tls, limits: { certificateCheckMs: 5 } });
  const before = await shown(api, authorities);

  await pointTo('cert', 1);
  await untilLogged(api, 'cannot be used: the old one stays');
  expect((await shown(api, authorities)).serialNumber).toBe(before.serialNumber);
  await pointTo('key', 1);
  await untilLogged(api, 'new connections get the new one');
  const renewed = await shown(api, authorities);
  expect(renewed.serialNumber).not.toBe(before.serialNumber);

  await writeFile(at('archive/cert1.pem'), 'half a certif');
  await untilLogged(api, 'holds no certificate');
  expect((await shown(api, authorities)).serialNumber).toBe(renewed.serialNumber);
  await copyFile(third.key, at('archive/key1.pem'));
  await copyFile(third.certificate, at('archive/cert1.pem'));
  const expected = (await shownBy(third)).serialNumber;
  await untilShown(api, authorities, expected);
});

/** What a server with these shows. */
async function shownBy(made: Certificates): Promise<PeerCertificate> {
  await using api = await startApi({ tls: filesOf(made) });
  return await shown(api, [made.pem]);
}

it('starts with no pair that is no good, and says which file is at fault', async () => {
  const [made, other] = [await makeCertificates(), await makeCertificates()];
  const fail = async (tls: { certificate: string; key: string }): Promise<unknown> =>
    startApi({ tls }).then(
      () => 'started',
      (error: unknown) => error,
    );
  expect(await fail({ ...filesOf(made), certificate: '/nowhere.pem' })).toMatchObject({
    code: 'invalid_config',
    field: '--tls-cert',
    message: expect.stringContaining('/nowhere.pem cannot be read') as string,
  });
  expect(await fail({ ...filesOf(made), key: other.key })).toMatchObject({
    code: 'invalid_config',
    field: '--tls-key',
  });
  expect(await fail({ certificate: made.key, key: made.key })).toMatchObject({ field: '--tls-cert' });
});

it('tells browsers to stay with TLS where that was asked for and goes by TLS', async () => {
  const made = await makeCertificates();
  const strict = async (url: string, tls: boolean, host: string): Promise<string | undefined> => {
    const trustedProxies = ['loopback'];
    await using api = await startApi({ publicUrl: url, trustedProxies, ...(tls && { tls: filesOf(made) }) });
    // The certificate is for no such host.
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const headers = { host, 'x-forwarded-proto': 'https' };
    const answer = await request(`${api.server.url}/livez`, { dispatcher, headers });
    await text(answer.body);
    await dispatcher.destroy();
    return answer.headers['strict-transport-security'] as string | undefined;
  };
  expect(await strict('https://jobs.example', true, 'jobs.example')).toBe('max-age=31536000');
  expect(await strict('https://jobs.example', false, 'jobs.example')).toBe('max-age=31536000');
  expect(await strict('https://jobs.example', true, 'localhost')).toBeUndefined();
  expect(await strict('https://jobs.example:8443', true, 'jobs.example')).toBeUndefined();
  expect(await strict('http://jobs.example', true, 'jobs.example')).toBeUndefined();
});
