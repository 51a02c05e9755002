/** From the first key to the output of the run that failed, with the keyboard alone; and under a path of a proxy. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { startStandalone, type Standalone } from '../support/standalone.ts';
import { gate, there, useSite } from './support/site.ts';

const site = useSite();

beforeAll(async () => {
  await site.submit({ command: 'true', name: 'fine' });
  const job = await site.submit({ command: 'echo first; echo "disk full" >&2; exit 1', name: 'broken' });
  await site.finished(`${job.id}.1`);
});

test('the run that failed is found, read and run again by keyboard alone', async () => {
  await using watched = await site.open('/');
  const { page } = watched;
  const press = (...keys: string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await press('g', 'r');
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  await press('/');
  await page.keyboard.type('job:broken');
  await press('Enter', 'Escape');
  await page.getByRole('button', { name: 'Job broken' }).waitFor();
  // Only then it is the new list.
  await page.getByRole('link', { name: 'fine#1' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'broken#1' }).waitFor();
  await press('j', 'Enter');
  await page.getByRole('heading', { name: 'broken#1' }).waitFor();
  await page.locator('.log-line', { hasText: 'disk full' }).waitFor();
  await press('r');
  await page.getByRole('heading', { name: 'broken#2' }).waitFor();
  await press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor();
  await page.keyboard.type('fine');
  await page.getByRole('option', { name: /^fine/ }).waitFor();
  await press('Enter');
  await page.getByRole('heading', { name: 'fine' }).waitFor();
  await press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await press('t');
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  await press('s');
  await page.getByRole('heading', { name: 'New job' }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('the overview says one number for what runs, wherever it says it', async () => {
  await using watched = await site.open('/');
  const { page } = watched;
  const load = page.locator('.chart', { hasText: 'Load' });
  await load.getByText('now 0 running').waitFor();
  const held = gate(site, 'held');
  const job = await site.submit({ command: held.wait });
  await page.getByRole('link', { name: 'Running 1 of' }).waitFor();
  expect(await load.getByText('now 1 running').count()).toBe(1);
  expect(await page.getByRole('link', { name: 'Workers 1 1 of' }).count()).toBe(1);
  await held.open();
  await site.finished(`${job.id}.1`);
  expect(watched.faults).toEqual([]);
});

test('keys of one letter can be switched off', async () => {
  await using watched = await site.open('/jobs');
  const { page } = watched;
  await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  await page.keyboard.press('?');
  await page.getByLabel('Keys of one letter').uncheck();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('s');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/jobs');
});

test('two tabs are told of changes at once', async () => {
  await using watched = await site.open('/jobs');
  const other = await watched.page.context().newPage();
  await other.goto(`${site.url}/runs`);
  const live = other.getByRole('button', { name: 'Live' });
  await Promise.all([live.waitFor(), watched.page.getByRole('button', { name: 'Live' }).waitFor()]);
  await site.submit({ command: 'true', name: 'seen-by-both' });
  await other.getByRole('link', { name: 'seen-by-both#1' }).waitFor();
  await watched.page.getByRole('link', { name: 'seen-by-both' }).waitFor();
  expect(watched.faults).toEqual([]);
});

const BASE = '/ops/jobs';
let folder: Awaited<ReturnType<typeof temporaryFolder>> | null = null;
let below: Standalone | null = null;

beforeAll(async () => {
  folder = await temporaryFolder();
  below = await startStandalone({
    folder: folder.path,
    flags: ['--base-path', BASE, '--timezone', 'UTC', '--auth', 'keys'],
  });
});

afterAll(async () => {
  await below?.[Symbol.asyncDispose]();
  await folder?.remove();
});

test('below a path, links, reloads, the back button, requests and events stay below it', async () => {
  await using watched = await site.open('/');
  const { page } = watched;
  const outside: string[] = [];
  const origin = new URL(there(below).url).origin;
  page.on('request', (request) => {
    if (request.url().startsWith(origin) && !request.url().startsWith(`${origin}${BASE}/`)) outside.push(request.url());
  });
  await page.goto(`${origin}${BASE}/`);
  await page.getByRole('link', { name: 'New job' }).last().click();
  await page.getByLabel('Command', { exact: true }).fill('echo below');
  await page.getByLabel('Name').fill('deep');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('status').getByRole('link', { name: 'deep' }).click();
  await page.getByRole('link', { name: '#1', exact: true }).click();
  await page.locator('.log-line', { hasText: 'below' }).waitFor();
  await page.reload();
  await page.locator('.log-line', { hasText: 'below' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'deep' }).waitFor();
  await page.getByRole('button', { name: 'Live' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`${BASE}/jobs/deep`);
  expect(outside).toEqual([]);
  expect(watched.faults).toEqual([]);
});

test('once there is a key, the page asks for it, and goes on where one was', async () => {
  const { origin } = new URL(there(below).url);
  const make = async (name: string, role: string, headers = {}): Promise<string> => {
    const answer = await fetch(`${origin}${BASE}/api/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name, role }),
    });
    return ((await answer.json()) as { readonly key: string }).key;
  };
  const admin = await make('boss', 'admin');
  const key = await make('looker', 'viewer', { authorization: `Bearer ${admin}` });
  await using watched = await site.open('/');
  const { page } = watched;
  await page.goto(`${origin}${BASE}/jobs/deep`);
  await page.getByRole('heading', { name: 'Log in to jobsched' }).waitFor();
  await page.getByLabel('API key').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('API key').fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'deep' }).waitFor();
  const run = page.getByRole('button', { name: 'Run now' });
  await expect.poll(() => run.getAttribute('title')).toBe('This needs the role operator; you are viewer.');
  expect(await run.getAttribute('aria-disabled')).toBe('true');
  await page.getByRole('button', { name: 'Live' }).waitFor();

  // Its session ends while something is typed: that is still there after another login.
  await page.getByRole('link', { name: 'New job' }).click();
  await page.getByLabel('Command', { exact: true }).fill('typed');
  await page.getByLabel('On a schedule').check();
  await page.context().clearCookies();
  await page.getByLabel('Schedule', { exact: true }).fill('@hourly');
  await page.getByRole('heading', { name: 'Log in to jobsched' }).waitFor();
  await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('key');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  // A browser would heed the second one.
  await page.keyboard.press('Escape');
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
  await page.getByText('Every hour', { exact: true }).first().waitFor();
  expect(await page.locator(':focus').inputValue()).toBe('@hourly');
  expect(await page.getByLabel('Command', { exact: true }).inputValue()).toBe('typed');
  expect([await page.getByRole('dialog').count(), await page.title()]).toEqual([0, 'New job · jobsched']);

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText('looker, viewer, logged in').waitFor();

  // It ends while nothing is asked for.
  await fetch(`${origin}${BASE}/api/keys/looker`, { method: 'DELETE', headers: { authorization: `Bearer ${admin}` } });
  await page.getByRole('heading', { name: 'Log in to jobsched' }).waitFor();
  await page.getByLabel('API key').fill(admin);
  await page.keyboard.press('Enter');
  await page.getByText('boss, admin, logged in').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in to jobsched' }).waitFor();
  expect(watched.faults).toEqual([]);
});
