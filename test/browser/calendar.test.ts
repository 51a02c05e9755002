/** What will run, when, and beside what. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { useSite } from './support/site.ts';

const site = useSite();
/** A day that has not come: what is shown of it does not depend on the hour of the test. */
const DAY = '2040-03-07';

beforeAll(async () => {
  const daily = { command: 'true', timezone: 'Europe/Berlin' };
  await site.submit({ ...daily, name: 'backup', schedule: '0 2 * * *', tags: ['night'] });
  await site.submit({ ...daily, name: 'report', schedule: '0 2,14 * * *', tags: ['night'] });
  await site.submit({ ...daily, name: 'monthly', schedule: '0 2 1 * *' });
  await site.submit({ command: 'true', name: 'ticks', schedule: '* * * * * *' });
  const ran = await fetch(`${site.url}/api/jobs/backup/run`, { method: 'POST' });
  await site.finished(((await ran.json()) as { id: string }).id);
});

const row = (page: Page, name: string): ReturnType<Page['locator']> =>
  page.locator('.cal-rows .cal-row', { has: page.getByRole('link', { name }) });

test('a day shows what comes, what overlaps, and what comes all the time as one band', async () => {
  await using watched = await site.open(`/schedules?date=${DAY}`, { timezoneId: 'Europe/Berlin' });
  const { page } = watched;
  await page.getByText('Most at once: 2 (report, backup), at 02:00.').waitFor();
  expect(await row(page, 'report').locator('.cal-bar').count()).toBe(2);
  expect(await row(page, 'report').locator('.cal-bar').last().getAttribute('title')).toMatch(/14:00:00/);
  expect(await row(page, 'ticks').locator('.cal-bar').count()).toBe(0);
  expect(await row(page, 'ticks').locator('.cal-band').count()).toBe(24);
  await page.getByText('3 in all, 1 constant job aside').waitFor();
  await page.getByText('Not in this day:').getByRole('link', { name: 'monthly' }).waitFor();
  // 02:00 of Berlin is 01:00 of UTC.
  await page.getByLabel('Zone shown').selectOption('utc');
  await page.getByText('Most at once: 2 (report, backup), at 01:00.').waitFor();
  expect(watched.faults).toEqual([]);
});

test('keys lead on and back, to the week, and to the present, where past runs are links', async () => {
  await using watched = await site.open(`/schedules?date=${DAY}`, { timezoneId: 'Europe/Berlin' });
  const { page } = watched;
  await row(page, 'backup').waitFor();
  await page.keyboard.press(']');
  await page.getByText('Thu 8 Mar, Europe/Berlin').waitFor();
  await page.keyboard.press('[');
  await page.getByText('Wed 7 Mar, Europe/Berlin').waitFor();
  await page.keyboard.press('w');
  await page.getByText('Wed 7 Mar – Tue 13 Mar, Europe/Berlin').waitFor();
  await expect.poll(() => row(page, 'report').locator('.cal-bar').count()).toBe(14);
  await page.getByRole('heading', { name: 'Starts by weekday and hour' }).waitFor();
  await page.keyboard.press('d');
  await page.keyboard.press('.');
  await page.locator('.cal-now').waitFor();
  await row(page, 'backup').locator('.cal-bar.is-succeeded').click();
  await page.getByRole('heading', { name: 'backup#1' }).waitFor();
  await page.goBack();
  // The day that is around now need not have a slot of 02:00.
  await page.locator('.cal-now').waitFor();
  await page.keyboard.press('w');
  await page.getByRole('heading', { name: 'Starts by weekday and hour' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('tag:night');
  await page.keyboard.press('Enter');
  await row(page, 'ticks').waitFor({ state: 'detached' });
  await row(page, 'report').waitFor();
  await page.keyboard.type('nothing like that');
  await page.getByText('No schedule is like that.').waitFor();
  expect(watched.faults).toEqual([]);
});

/** The words of what is selected that are cut off, wrapped, or go on beyond the frame around them. */
const outside = (page: Page, words: string, frame: string): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll(${JSON.stringify(words)})].filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const frame = document.querySelector(${JSON.stringify(frame)}).getBoundingClientRect();
    const { top, right, bottom } = range.getBoundingClientRect();
    return top < frame.top + 14 && (right > frame.right || bottom > frame.top + 24);
  }).map((each) => each.textContent)`);

test('what stands at an axis has room, also late in a day and under narrow bars', async () => {
  await using watched = await site.open('/schedules', { timezoneId: 'UTC', viewport: { width: 1280, height: 800 } });
  const { page } = watched;
  // It shows 02:00 to 02:00: midnight is near its end.
  await page.clock.setFixedTime(new Date(`${DAY}T08:30:00Z`));
  await page.reload();
  await page.locator('.cal-tick').nth(7).waitFor();
  expect(await page.locator('.cal-tick').last().textContent()).toBe('00:00');
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await outside(page, '.cal-words > span', '.cal-axis')).toEqual([]);
  }
  const often = await site.submit({ command: 'true', name: 'often', overlap: 'allow' });
  const runs = Array.from({ length: 11 }, () => fetch(`${site.url}/api/jobs/often/run`, { method: 'POST' }));
  await Promise.all(runs);
  await Promise.all(Array.from({ length: 12 }, (_, index) => site.finished(`${often.id}.${index + 1}`)));
  await page.goto(`${site.url}/jobs/often`);
  await page.locator('.steps').waitFor();
  expect(await page.locator('.steps').textContent()).toBe('#1#8');
  expect(await outside(page, '.steps > span', '.steps')).toEqual([]);
  expect(watched.faults).toEqual([]);
});
