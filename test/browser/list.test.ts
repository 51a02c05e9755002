/** The list of jobs: what is shown of it, and how it says when. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { useSite } from './support/site.ts';

const site = useSite();

beforeAll(async () => {
  await Promise.all(['backup-shop', 'backup-blog', 'report'].map((name) => site.submit({ command: 'true', name })));
  const failing = await site.submit({ command: 'exit 1', name: 'backup-failing' });
  await site.finished(`${failing.id}.1`);
});

const shows = (page: Page, ...names: string[]): Promise<void> =>
  expect
    .poll(async () => (await page.locator('table.jobs tbody th a').allTextContents()).toSorted(), { timeout: 10_000 })
    .toEqual(names.toSorted());

test('its filter is in the address, and survives a reload and the way back', async () => {
  await using watched = await site.open('/jobs');
  const { page } = watched;
  const search = page.getByLabel('Search jobs');
  await shows(page, 'backup-shop', 'backup-blog', 'report', 'backup-failing');
  await search.pressSequentially('backup');
  await page.getByLabel('State').selectOption('Failed');
  await shows(page, 'backup-failing');
  await page.waitForURL('**/jobs?q=backup&status=failed');
  await page.reload();
  await shows(page, 'backup-failing');
  expect(await search.inputValue()).toBe('backup');
  await page.getByRole('link', { name: 'backup-failing' }).click();
  await page.getByRole('heading', { name: 'backup-failing' }).waitFor();
  await page.goBack();
  await shows(page, 'backup-failing');
  expect(await page.getByLabel('State').inputValue()).toBe('failed');
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await shows(page, 'backup-shop', 'backup-blog', 'report', 'backup-failing');
  expect([await search.inputValue(), new URL(page.url()).search]).toEqual(['', '']);
  await page.goBack();
  await shows(page, 'backup-failing');
  expect(watched.faults).toEqual([]);
});

test('a time of another day has its date, and its tooltip the zone and UTC', async () => {
  await site.submit({ command: 'true', name: 'later', run_at: '2099-03-04T05:06:07Z' });
  await using watched = await site.open('/jobs?q=later', { timezoneId: 'Asia/Tokyo' });
  const time = watched.page.locator('.schedule time');
  expect(await time.textContent()).toBe('4 Mar 2099 14:06:07');
  expect(await time.getAttribute('title')).toBe('Wed, 4 Mar 2099, 14:06:07 GMT+9 · 2099-03-04T05:06:07.000Z');
});
