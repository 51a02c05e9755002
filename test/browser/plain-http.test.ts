/** Over plain http under a name, where browsers withhold much: as on a network of one's own. */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { startStandalone, type Standalone } from '../support/standalone.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { there } from './support/site.ts';

/** Led to this machine by the browser, which takes no name but localhost for a secure one. */
const NAME = 'jobs.test';

let folder: TemporaryFolder | null = null;
let server: Standalone | null = null;
let proxy: Server | null = null;
let browser: Browser | null = null;
/** How many event streams were opened, and how many are open. */
let streams = { opened: 0, open: 0 };

beforeAll(async () => {
  folder = await temporaryFolder();
  [server, browser] = await Promise.all([
    startStandalone({ folder: folder.path, flags: ['--allowed-host', NAME, '--auth', 'none'] }),
    launchBrowser([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]),
  ]);
  proxy = countingProxy(there(server).url).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterAll(async () => {
  await browser?.close();
  proxy?.closeAllConnections();
  proxy?.close();
  await server?.[Symbol.asyncDispose]();
  await folder?.remove();
});

function countingProxy(to: string): Server {
  return createServer((asked, answer) => {
    const isStream = asked.url?.startsWith('/api/events') === true;
    if (isStream) streams = { opened: streams.opened + 1, open: streams.open + 1 };
    answer.on('close', () => {
      if (isStream) streams.open--;
    });
    const { method, headers } = asked;
    const passedOn = request(new URL(asked.url ?? '/', to), { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      pipeline(reply, answer, () => {});
    });
    passedOn.on('error', () => answer.destroy());
    answer.on('close', () => passedOn.destroy());
    pipeline(asked, passedOn, () => {});
  });
}

/** Browsers say that they ignore a header there, for each page. */
const ours = (faults: readonly string[]): readonly string[] =>
  faults.filter((fault) => !fault.includes('Cross-Origin-Opener-Policy'));

const urlOf = (path: string): string => `http://${NAME}:${(there(proxy).address() as AddressInfo).port}${path}`;

test('all tabs share one event stream, each is told, and jobs are made and copied', async () => {
  await using watched = await openPage(there(browser));
  const { page } = watched;
  await page.goto(urlOf('/jobs'));
  expect(await page.evaluate('[isSecureContext, typeof navigator.clipboard, typeof navigator.locks]')).toEqual([
    false,
    'undefined',
    'undefined',
  ]);
  const others = await Promise.all(['/runs', '/', '/schedules', '/workers'].map(() => page.context().newPage()));
  for (const other of others) await other.goto(urlOf('/jobs'));
  for (const one of [page, ...others]) await one.getByRole('button', { name: 'Live' }).waitFor();
  expect(streams).toEqual({ opened: 1, open: 1 });
  await page.getByRole('link', { name: 'New job' }).first().click();
  await page.getByLabel('Command', { exact: true }).fill('echo plain');
  await page.getByLabel('Name').fill('plain');
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  await page.keyboard.press('Control+Enter');
  for (const other of others) await other.getByRole('link', { name: 'plain' }).waitFor();
  expect(streams.opened).toBe(1);
  await Promise.all([page, ...others].map((one) => one.close()));
  await expect.poll(() => streams.open).toBe(0);
  expect(ours(watched.faults)).toEqual([]);
});

test('without shared workers a tab has a stream of its own', async () => {
  await using watched = await openPage(there(browser));
  const { page } = watched;
  await page.addInitScript('delete window.SharedWorker');
  await page.goto(urlOf('/jobs'));
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await expect.poll(() => streams.open).toBe(1);
  expect(ours(watched.faults)).toEqual([]);
});
