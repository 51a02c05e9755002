/**
 * jobsched behind the nginx and the Caddy of Debian, set up as docs/proxies.md says: TLS, below a path, with events. Part of
 * `npm run test:long`, and skipped where the machine has no such proxy.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startApi } from '../support/api.ts';
import { makeCertificates } from '../support/certificates.ts';
import { temporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { within } from '../support/wait.ts';

interface Placed {
  readonly port: number;
  readonly upstream: number;
  readonly folder: string;
  readonly certificate: string;
  readonly key: string;
}

interface Proxy {
  readonly name: 'nginx' | 'caddy';
  /** The language of its block in docs/proxies.md. */
  readonly block: string;
  /** The whole of its file, from what stands there. */
  readonly file: (recipe: string, placed: Placed) => string;
  readonly args: (file: string, placed: Placed) => readonly string[];
}

const PROXIES: readonly Proxy[] = [
  {
    name: 'nginx',
    block: 'nginx',
    file: (recipe, { port, upstream, folder, certificate, key }) => `
      ${process.getuid?.() === 0 ? 'user root;' : ''}
      daemon off; pid ${folder}/nginx.pid; error_log stderr;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
        ${recipe
          .replace('listen 443', `listen 127.0.0.1:${port}`)
          .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`)
          .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
          .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`)}
      }`,
    args: (file, { folder }) => ['-c', file, '-p', folder, '-e', 'stderr'],
  },
  {
    name: 'caddy',
    block: 'caddyfile',
    file: (recipe, { port, upstream, certificate, key }) => `{
  admin off
  auto_https off
}
${recipe
  .replace('ops.example {', `https://ops.example:${port} {\n  bind 127.0.0.1\n  tls ${certificate} ${key}`)
  .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`)}`,
    args: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
  },
];

const isThere = (name: string): boolean =>
  spawnSync(name, [name === 'nginx' ? '-v' : 'version'], { stdio: 'ignore' }).status === 0;

/** Starts it before a server at this port. @returns its own port, once it listens. */
async function startProxy({ name, block, file, args }: Proxy, upstream: number): Promise<number> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const { certificate, key } = await makeCertificates();
  const placed = { port: await freePort(), upstream, folder: folder.path, certificate, key };
  const docs = await readFile('docs/proxies.md', 'utf8');
  const [, recipe = ''] = new RegExp(`\`\`\`${block}\\n([^]*?)\`\`\``).exec(docs) ?? [];
  const path = `${folder.path}/proxy.conf`;
  await writeFile(path, file(recipe, placed));
  const env = { PATH: process.env['PATH'], HOME: folder.path };
  const child = spawn(name, args(path, placed), { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  let errors = '';
  child.stderr.on('data', (words: Buffer) => (errors += words.toString()));
  await within(20_000, untilOpen(placed.port), () => `${name} does not listen: ${errors}`);
  return placed.port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' });
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const page = {
  files: {
    '/index.html': {
      type: 'text/html; charset=utf-8',
      immutable: false,
      identity: Buffer.from('<!doctype html><base href="/" />').toString('base64'),
      brotli: null,
    },
  },
};

describe.each(PROXIES)('behind $name', (proxy) => {
  it.runIf(long && isThere(proxy.name))(
    'pages, jobs and events are there by TLS, below the path (in test:long, where it is installed)',
    async () => {
      await using api = await startApi({
        publicUrl: 'https://ops.example/jobs',
        basePath: '/jobs',
        trustedProxies: ['loopback'],
        auth: 'none',
        rateLimit: 100,
        clock: { now: () => Date.now(), monotonic: () => 0 },
        page,
      });
      const port = await startProxy(proxy, api.server.port);
      const dispatcher = new Agent({ connect: { rejectUnauthorized: false, servername: 'ops.example' } });
      onTestFinished(() => dispatcher.destroy());
      const ask = (path: string, headers = {}, options = {}): Promise<Dispatcher.ResponseData> =>
        request(`https://127.0.0.1:${port}${path}`, {
          dispatcher,
          headers: { host: 'ops.example', ...headers },
          ...options,
        });

      const home = await ask('/jobs/');
      expect(await home.body.text()).toContain('<base href="/jobs/" />');
      expect(home.headers['strict-transport-security']).toBe('max-age=31536000');
      const bare = await ask('/jobs');
      expect(bare.statusCode).toBeOneOf([301, 302, 308]);
      expect(new URL(String(bare.headers['location']), 'https://ops.example/jobs').pathname).toBe('/jobs/');
      await bare.body.dump();
      const elsewhere = await ask('/api/jobs');
      expect(elsewhere.statusCode === 404 || (await elsewhere.body.text()) === '').toBe(true);

      const events = await ask('/jobs/api/events');
      const seen = (async () => {
        let all = '';
        for await (const piece of events.body) {
          all += String(piece);
          if (all.includes('event: change')) return;
        }
        throw new Error(`the events ended: ${all}`);
      })();
      const body = JSON.stringify({ command: 'true' });
      const json = {
        'content-type': 'application/json',
        origin: 'https://ops.example',
        'sec-fetch-site': 'same-origin',
      };
      const made = await ask('/jobs/api/jobs', json, { method: 'POST', body });
      expect([made.statusCode, await made.body.text()]).toEqual([201, expect.any(String)]);
      await within(10_000, seen, () => 'the proxy keeps events back');
      const job = await ask(new URL(String(made.headers['location']), 'https://ops.example').pathname);
      expect(job.statusCode).toBe(200);
      await job.body.dump();
      const strange = await ask(
        '/jobs/api/jobs',
        { ...json, origin: 'https://evil.example' },
        { method: 'POST', body },
      );
      expect(strange.statusCode).toBe(403);
      await strange.body.dump();

      // Each claims to be another, and all of them are this machine: they share what one client may ask.
      const claims = Array.from({ length: 300 }, async (_, host) => {
        const { statusCode, body: rest } = await ask('/jobs/livez', { 'x-forwarded-for': `198.51.100.${host}` });
        await rest.dump();
        return statusCode;
      });
      expect(await Promise.all(claims)).toContain(429);
    },
  );
});
