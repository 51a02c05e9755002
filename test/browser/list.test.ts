/** The lists of jobs and runs: found by filters, selected, acted on, scrolled, exported. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { RunView } from '../../src/http/schema/run-view.ts';
import { long } from '../support/long.ts';
import { gate, there, useSite } from './support/site.ts';

const site = useSite();

beforeAll(async () => {
  const tags = ['nightly'];
  await Promise.all(
    ['backup-shop', 'backup-blog'].map((name) => site.submit({ command: 'true', name, schedule: '0 0 1 1 *', tags })),
  );
  await site.submit({ command: 'echo needle', name: 'report' });
  const failing = await site.submit({ command: 'exit 1', name: 'backup-failing' });
  await site.finished(`${failing.id}.1`);
});

const shows = (page: Page, ...names: string[]): Promise<void> =>
  expect
    .poll(async () => (await page.locator('table.data tbody th a').allTextContents()).toSorted(), { timeout: 10_000 })
    .toEqual(names.toSorted());

test('its filter is in the address, and survives a reload and the way back', async () => {
  await using watched = await site.open('/jobs');
  const { page } = watched;
  const search = page.getByLabel('Search jobs');
  await shows(page, 'backup-shop', 'backup-blog', 'report', 'backup-failing');
  await search.pressSequentially('backup');
  await page.getByLabel('Failed', { exact: true }).check();
  await shows(page, 'backup-failing');
  await page.waitForURL('**/jobs?q=backup&status=failed');
  await page.reload();
  await shows(page, 'backup-failing');
  expect(await search.inputValue()).toBe('backup');
  await page.getByRole('link', { name: 'backup-failing' }).click();
  await page.getByRole('heading', { name: 'backup-failing' }).waitFor();
  await page.goBack();
  await shows(page, 'backup-failing');
  expect(await page.getByLabel('Failed', { exact: true }).isChecked()).toBe(true);
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await shows(page, 'backup-shop', 'backup-blog', 'report', 'backup-failing');
  expect([await search.inputValue(), new URL(page.url()).search]).toEqual(['', '']);
  await page.goBack();
  await shows(page, 'backup-failing');
  await search.fill('NEEDLE');
  await page.getByText('No job is like that.').waitFor();
  expect(watched.faults).toEqual([]);
});

test('a typed tag becomes a filter that can be taken away, and all that match are paused', async () => {
  await using watched = await site.open('/jobs');
  const { page } = watched;
  await page.getByLabel('Search jobs').fill('tag:nightly');
  await page.keyboard.press('Enter');
  await shows(page, 'backup-shop', 'backup-blog');
  await page.getByLabel('Select all that match').check();
  await page.getByText('All jobs that match').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('heading', { name: 'Pause 2 jobs?' }).waitFor();
  await page.getByRole('button', { name: 'Pause 2' }).click();
  await page.getByRole('dialog').getByText('2 done').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => page.locator('td.state', { hasText: 'Paused' }).count()).toBe(2);
  await page.getByRole('button', { name: 'Tag nightly' }).click();
  await shows(page, 'backup-shop', 'backup-blog', 'report', 'backup-failing');
  expect(watched.faults).toEqual([]);
});

test('runs are found by state and selected by keyboard, and run again', async () => {
  await using watched = await site.open('/runs?status=failed&since=24h');
  const { page } = watched;
  await shows(page, 'backup-failing#1');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 run selected').waitFor();
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Run again 1' }).click();
  await page.getByRole('dialog').getByText('1 done').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await shows(page, 'backup-failing#1', 'backup-failing#2');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'backup-failing#2' }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('a run whose job has a long name still shows its number', async () => {
  const name = 'n'.repeat(64);
  await site.submit({ command: 'true', name });
  await using watched = await site.open(`/runs?job=${name}`, { viewport: { width: 390, height: 800 } });
  const { page } = watched;
  const link = page.getByRole('link', { name: `${name}#1` });
  await link.waitFor();
  const fits = await page.evaluate<boolean>(`(({ scrollWidth, clientWidth }) => scrollWidth === clientWidth)(
    document.querySelector('table.data .run-link'))`);
  expect([fits, await link.textContent()]).toEqual([true, `${name}#1`]);
});

test('runs are saved as CSV and JSON', async () => {
  await using watched = await site.open('/runs?job=backup-failing');
  const { page } = watched;
  await page.locator('table.data tbody a').first().waitFor();
  const saved = async (format: string): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByLabel('Export these runs').selectOption(format),
    ]);
    return readFile(there(await download.path()), 'utf8');
  };
  expect(await saved('csv')).toMatch(/^id,job_name,number,status,.*\r\n[0-9a-f-]{36}\.\d,backup-failing,/);
  expect((JSON.parse(await saved('json')) as RunView[])[0]?.job_name).toBe('backup-failing');
  expect(watched.faults).toEqual([]);
});

test('a time of another day has its date, and its tooltip the zone and UTC', async () => {
  await site.submit({ command: 'true', name: 'later', run_at: '2099-03-04T05:06:07Z' });
  await using watched = await site.open('/jobs?q=later', { timezoneId: 'Asia/Tokyo' });
  const time = watched.page.locator('td.schedule time');
  expect(await time.textContent()).toBe('4 Mar 2099 14:06:07');
  expect(await time.getAttribute('title')).toBe('Wed, 4 Mar 2099, 14:06:07 GMT+9 · 2099-03-04T05:06:07.000Z');
  await watched.page.getByLabel('Zone shown').selectOption('UTC');
  await expect.poll(() => time.textContent()).toBe('4 Mar 2099 05:06:07');
});

/** With all of them it takes long where many tests run at once. */
const ROWS = long ? 100_000 : 10_000;

test('runs by the ten thousand are scrolled through, a screenful of them drawn', async () => {
  await using watched = await site.open('/jobs');
  const { page } = watched;
  const [model] = there((await (await fetch(`${site.url}/api/runs?limit=1`)).json()) as { runs: RunView[] }).runs;
  await page.route('**/api/runs?*', async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const to = Math.min(from + 5_000, ROWS);
    const runs = Array.from({ length: to - from }, (_, index) => {
      const number = ROWS - from - index;
      return { ...there(model), number, id: `${there(model).job_id}.${number}` };
    });
    await route.fulfill({ json: { runs, next_cursor: to < ROWS ? String(to) : null } });
  });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect.poll(() => scrollToEnd(page), { timeout: 90_000 }).toBe(ROWS);
  const last = page.locator(`[data-row="${ROWS - 1}"] th`);
  await expect.poll(() => scrollToEnd(page).then(() => last.count())).toBe(1);
  expect(await page.locator('table.data tbody tr').count()).toBeLessThan(150);
  expect(await last.textContent()).toMatch(/#1$/);
  // No limit: a machine that runs other things too says nothing about frames. The figure is for a quiet one.
  if (long) console.log(`p95 of a frame: ${(await page.evaluate<number>(SCROLL_THROUGH)).toFixed(1)} ms`);
  expect(watched.faults).toEqual([]);
}, 120_000);

/** @returns how many rows are loaded. */
async function scrollToEnd(page: Page): Promise<number> {
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  const count = Number(await page.locator('table.data').getAttribute('aria-rowcount'));
  return count === -1 ? 0 : count - 1;
}

/** Scrolls 300 frames in a row, and answers with the 95th percentile of how long they took. */
const SCROLL_THROUGH = `new Promise((resolve) => {
  const frames = [];
  let before = performance.now();
  const step = (now) => {
    frames.push(now - before);
    before = now;
    scrollBy(0, frames.length % 10 === 0 ? -20000 : 700);
    if (frames.length < 300) requestAnimationFrame(step);
    else resolve(frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)]);
  };
  requestAnimationFrame(step);
})`;

test('what a run waits for counts down in the list', async () => {
  const wanted = { retries: 1, retry_delay_seconds: 50, retry_max_delay_seconds: 50 };
  await site.submit({ command: 'exit 1', name: 'patient', ...wanted });
  await using watched = await site.open('/runs?job=patient');
  const why = watched.page.locator('td.why', { hasText: /in \d+ s/ });
  await why.waitFor();
  const before = await why.textContent();
  await expect.poll(() => why.textContent()).not.toBe(before);
  expect(watched.faults).toEqual([]);
});

test('a list goes on changing while it is looked at', async () => {
  await using watched = await site.open('/jobs?q=fresh');
  const { page } = watched;
  await page.getByText('No job is like that.').waitFor();
  const job: JobView = await site.submit({ command: 'true', name: 'fresh' });
  await shows(page, 'fresh');
  await page.keyboard.press('p');
  await page.getByText('The page is held still').waitFor();
  await fetch(`${site.url}/api/jobs/${job.id}`, { method: 'DELETE' });
  await page.keyboard.press('p');
  await page.getByText('No job is like that.').waitFor();
  expect(watched.faults).toEqual([]);
});

test('everything with one tag is paused in three clicks, however much is loaded', async () => {
  const jobs = Array.from({ length: 130 }, () => ({ command: 'true', schedule: '0 0 1 1 *', tags: ['many'] }));
  await fetch(`${site.url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobs }),
  });
  await using watched = await site.open('/jobs');
  const { page } = watched;
  await page.getByLabel('Search jobs').fill('tag:many');
  await page.keyboard.press('Enter');
  await page.getByLabel('Select all that match').click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Pause 130' }).click();
  await page.getByRole('dialog').getByText('130 done').waitFor();
  expect(watched.faults).toEqual([]);
});

test('the way back leads to where one was in a list, and keys go on there', async () => {
  await using watched = await site.open('/jobs?tag=many');
  const { page } = watched;
  await page.locator('[data-row="0"]').waitFor();
  // Beyond the rows that come first.
  await expect.poll(() => page.evaluate('scrollTo(0, 3500), scrollY')).toBe(3_500);
  const place = await page.evaluate<number>(`Number([...document.querySelectorAll('tr[data-row]')].find(
    (row) => row.getBoundingClientRect().top > 300).dataset.row)`);
  await page.locator(`[data-row="${place}"] th a`).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.evaluate('scrollY')).toBe(0);
  await page.goBack();
  await expect.poll(() => page.evaluate('scrollY')).toBe(3_500);
  await page.locator(`[data-row="${place}"]`).waitFor();
  await page.keyboard.press('j');
  const focused = page.locator('tr:focus-within');
  await focused.waitFor();
  expect(place - Number(await focused.getAttribute('data-row'))).toBeLessThan(12);
  expect(watched.faults).toEqual([]);
});

test('the audit log shows each of the things that one request changed', async () => {
  const jobs = ['one', 'two', 'three'].map((part) => ({ command: 'true', name: `${part}-${'x'.repeat(58)}` }));
  await fetch(`${site.url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobs }),
  });
  await using watched = await site.open('/settings/audit?action=job.create');
  const { page } = watched;
  await page.locator('.audit tbody tr').first().getByRole('button', { name: 'and 2 more' }).click();
  const told = page.getByRole('dialog').getByRole('listitem');
  await told.first().waitFor();
  expect((await told.allTextContents()).map((text) => text.slice(0, 3))).toEqual(['one', 'two', 'thr']);
  expect(watched.faults).toEqual([]);
});

test('what leaves the list is selected no more, and a time that cannot be read shows no rows to act on', async () => {
  const hold = gate(site, 'hold');
  await hold.open();
  const [stays, leaves] = await Promise.all(
    ['stays', 'leaves'].map((name) => site.submit({ command: `${hold.wait}; exit 1`, name, tags: ['moving'] })),
  );
  await Promise.all([site.finished(`${there(stays).id}.1`), site.finished(`${there(leaves).id}.1`)]);
  await hold.remove();
  await using watched = await site.open('/jobs?status=failed&tag=moving');
  const { page } = watched;
  await page.getByLabel('Select stays').check();
  await page.getByLabel('Select leaves').check();
  await page.getByText('2 jobs selected').waitFor();
  await fetch(`${site.url}/api/jobs/leaves/run`, { method: 'POST' });
  await page.getByText('1 job selected').waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Delete 1 job?' }).waitFor();
  // What it is about runs too by now, and is left alone.
  await fetch(`${site.url}/api/jobs/stays/run`, { method: 'POST' });
  await page.getByText('No job is like that.').waitFor();
  await page.getByRole('button', { name: 'Delete 1' }).click();
  await page.getByRole('dialog').getByText('0 done, 1 refused').waitFor();
  await hold.open();
  await page.goto(`${site.url}/runs?since=5`);
  await page.getByRole('alert').getByText('since').waitFor();
  expect(await page.getByLabel('Select all that match').count()).toBe(0);
  expect(watched.faults).toEqual([]);
});
