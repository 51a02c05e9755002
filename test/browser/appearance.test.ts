/** Every screen, light and dark, wide and narrow: accessible, and nothing wider than the window. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { there, useSite } from './support/site.ts';

const site = useSite();
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = ['home', 'form', 'job', 'cron job', 'delete', 'run', 'nothing'];
const screens = new Map<string, { readonly path: string; readonly ready: (page: Page) => Promise<void> }>();

beforeAll(async () => {
  const colours = String.raw`printf '\033[31mred\033[0m \033[1;32mgreen\033[0m \033[43m bg \033[0m \033[2mfaint\033[0m\n'`;
  const job = await site.submit({ command: `${colours}; echo trouble >&2; exit 3`, name: 'colours' });
  await site.submit({ command: 'sleep 1000', name: 'running' });
  await site.submit({
    command: './backup.sh --all --verify',
    name: 'nightly',
    schedule: '0 2 * * *',
    timezone: 'Europe/Berlin',
  });
  await site.finished(`${job.id}.1`);
  screens.set('home', { path: '/jobs', ready: (page) => page.getByRole('link', { name: 'nightly' }).waitFor() });
  screens.set('form', { path: '/submit', ready: fillForm });
  screens.set('job', { path: '/jobs/colours', ready: (page) => page.locator('table.runs').waitFor() });
  screens.set('cron job', { path: '/jobs/nightly', ready: (page) => page.locator('.preview time').first().waitFor() });
  screens.set('delete', { path: '/jobs/nightly', ready: askToDelete });
  screens.set('run', { path: `/runs/${job.id}.1`, ready: (page) => page.getByText('trouble').waitFor() });
  screens.set('nothing', { path: '/jobs/no-such-job', ready: (page) => page.getByRole('alert').waitFor() });
});

async function fillForm(page: Page): Promise<void> {
  await page.getByLabel('On a schedule').check();
  await page.getByText('More options').click();
  await page.getByLabel('Schedule', { exact: true }).fill('nonsense');
  await page.locator('.field-error').waitFor();
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').waitFor();
}

const LOOKS = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 1440 },
  { colorScheme: 'dark', width: 360 },
  { colorScheme: 'light', width: 360 },
] as const;

test.each(SCREENS)('%s', async (name) => {
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
});

async function violations(page: Page): Promise<readonly string[]> {
  const run = '{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }';
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
