/** Every screen, light and dark, wide and narrow: accessible, and nothing wider than the window. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { long } from '../support/long.ts';
import { there, useSite } from './support/site.ts';

const site = useSite();
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = [
  'overview',
  'jobs',
  'selected',
  'form',
  'job',
  'cron job',
  'definition',
  'versions',
  'delete',
  'runs',
  'run',
  'run again',
  'schedules',
  'week',
  'workers',
  'worker',
  'settings',
  'key list',
  'audit log',
  'login',
  'palette',
  'keys',
  'nothing',
];

interface ScreenToSee {
  readonly path: string;
  readonly ready: (page: Page) => Promise<void>;
}

const screens = new Map<string, ScreenToSee>();

const heading =
  (name: string) =>
  (page: Page): Promise<void> =>
    page.getByRole('heading', { name, exact: true }).waitFor();

beforeAll(async () => {
  const colours = String.raw`printf '\033[31mred\033[0m \033[1;32mgreen\033[0m \033[43m bg \033[0m \033[2mfaint\033[0m\n'`;
  const job = await site.submit({ command: `${colours}; echo trouble >&2; exit 3`, name: 'colours', tags: ['shown'] });
  await site.submit({ command: 'sleep 1000', name: 'running' });
  const body = { command: './backup.sh --all --verify', name: 'nightly', timezone: 'Europe/Berlin' };
  await site.submit({ ...body, schedule: '30 2 * * *' });
  await site.finished(`${job.id}.1`);
  const again = await fetch(`${site.url}/api/jobs/colours/run`, { method: 'POST' });
  await site.finished(((await again.json()) as { id: string }).id);
  const link = (name: string) => (page: Page) => page.getByRole('link', { name, exact: true }).first().waitFor();
  const add = (name: string, path: string, ready: ScreenToSee['ready']): unknown => screens.set(name, { path, ready });
  add('overview', '/', link('colours#2'));
  add('jobs', '/jobs', link('nightly'));
  add('selected', '/jobs?tag=shown', selectAll);
  add('form', '/submit', fillForm);
  add('job', '/jobs/colours', (page) => page.locator('.heat').waitFor());
  add('cron job', '/jobs/nightly', (page) => page.locator('.next-times time').first().waitFor());
  add('definition', '/jobs/nightly/definition', (page) => page.locator('.next-times time').first().waitFor());
  add('versions', '/jobs/nightly/versions', (page) => page.getByText('As it was made.').waitFor());
  add('delete', '/jobs/nightly', askToDelete);
  add('runs', '/runs?status=failed&since=24h', link('colours#2'));
  add('run', `/runs/${job.id}.1`, (page) => page.getByText('trouble', { exact: true }).waitFor());
  add('run again', `/runs/${job.id}.1`, runAgain);
  add('schedules', '/schedules', link('nightly'));
  add('week', '/schedules?view=week', link('nightly'));
  add('workers', '/workers', (page) => page.getByText('of 16 slots busy').first().waitFor());
  add('worker', '/workers/web-1', link('colours#2'));
  add('settings', '/settings', heading('Settings'));
  add('key list', '/settings/keys', (page) => page.getByText('There is no key yet.').waitFor());
  add('audit log', '/settings/audit', (page) => page.getByRole('rowheader').first().waitFor());
  add('login', '/login', heading('Log in to jobsched'));
  add('palette', '/jobs', (page) => openBy(page, 'Control+k'));
  add('keys', '/jobs', (page) => openBy(page, '?'));
  add('nothing', '/jobs/no-such-job', (page) => page.getByRole('alert').waitFor());
});

async function selectAll(page: Page): Promise<void> {
  await page.getByLabel('Select all that match').check();
  await page.getByText('All jobs that match').waitFor();
}

async function openBy(page: Page, key: string): Promise<void> {
  await heading('Jobs')(page);
  await page.keyboard.press(key);
  await page.getByRole('dialog').waitFor();
}

async function fillForm(page: Page): Promise<void> {
  await page.getByLabel('On a schedule').check();
  await page.getByText('If it fails, or takes too long').click();
  await page.getByLabel('Schedule', { exact: true }).fill('nonsense');
  await page.locator('.field-error').waitFor();
}

async function runAgain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run again with changes…' }).click();
  await page.getByRole('dialog').getByLabel('Command').waitFor();
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').waitFor();
}

/** Both themes and both widths; in full counts, each theme at each width. */
const LOOKS = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 360 },
  ...(long
    ? ([
        { colorScheme: 'light', width: 360 },
        { colorScheme: 'dark', width: 1440 },
      ] as const)
    : []),
] as const;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

test.concurrent.each(SCREENS)('%s', { timeout: 120_000 }, async (name) => {
  const { path, ready } = there(screens.get(name));
  // axe puts styles of its own into the page.
  await using watched = await site.open(path, { bypassCSP: true, reducedMotion: 'reduce' });
  const { page } = watched;
  await ready(page);
  await page.evaluate(axe);
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const look = `${colorScheme}, ${width} px`;
    expect(await violations(page), look).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth'), look).toBe(width);
  }
  expect(watched.faults).toEqual([]);
});

async function violations(page: Page): Promise<readonly string[]> {
  const run = JSON.stringify({ runOnly: { type: 'tag', values: RULES }, resultTypes: ['violations'] });
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${run})`);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`),
  );
}

test('the theme that is chosen stays', async () => {
  await using watched = await site.open('/jobs', { colorScheme: 'light' });
  const { page } = watched;
  const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await ground();
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await page.reload();
  await page.getByRole('link', { name: 'nightly' }).waitFor();
  expect(await ground()).toBe(dark);
  expect(watched.faults).toEqual([]);
});
