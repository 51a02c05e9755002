import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { gate, useSite } from './support/site.ts';

const site = useSite();

test('output appears as it is written, streams told apart, and the page says how it ended', async () => {
  const after = gate(site, 'after-one');
  const job = await site.submit({ command: `echo one; echo two >&2; ${after.wait}; echo three; exit 3`, name: 'slow' });
  await using watched = await site.open(`/runs/${job.id}.1`);
  const { page } = watched;
  await page.locator('.log-line.stdout', { hasText: 'one' }).waitFor();
  await page.locator('.log-line.stderr', { hasText: 'two' }).waitFor();
  await page.locator('.page-head').getByText('Running').waitFor();
  await after.open();
  await page.locator('.log-line', { hasText: 'three' }).waitFor();
  await page.locator('.page-head').getByText('exit 3').waitFor();
  await page.getByLabel('stderr').check();
  expect(await page.locator('.log-line', { hasText: 'one' }).isVisible()).toBe(false);
  await page.getByLabel('Times').check();
  expect(await page.locator('.log-line.stderr .log-time').textContent()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await page.getByRole('heading', { name: 'slow#2' }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('a running command is cancelled', async () => {
  const never = gate(site, 'never');
  const job = await site.submit({ command: `echo started; ${never.wait}` });
  await using watched = await site.open(`/runs/${job.id}.1`);
  const { page } = watched;
  await page.locator('.log-line', { hasText: 'started' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.page-head').getByText('Cancelled').waitFor();
  await page.getByRole('button', { name: 'Run again', exact: true }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('following stops on scrolling up, counts what comes, and begins again at the end', async () => {
  const more = gate(site, 'more');
  const job = await site.submit({ command: `seq 1 500; ${more.wait}; seq 501 812` });
  await using watched = await site.open(`/runs/${job.id}.1`);
  const { page } = watched;
  const last = page.locator('.log-text', { hasText: /^500$/ });
  await last.waitFor();
  await expect.poll(() => isInSight(last)).toBe(true);
  await page.getByLabel('Output lines').hover();
  await page.mouse.wheel(0, -2_000);
  await page.getByRole('button', { name: 'Follow' }).waitFor();
  await more.open();
  await page.locator('.page-head').getByText('Succeeded').waitFor();
  await page.getByRole('button', { name: '312 new lines' }).click();
  const end = page.locator('.log-text', { hasText: /^812$/ });
  await expect.poll(() => isInSight(end)).toBe(true);
  expect(watched.faults).toEqual([]);
});

test('attempts are looked at one by one', async () => {
  const body = { command: 'echo attempt $JOBSCHED_ATTEMPT; exit 1', retries: 1, retry_delay_seconds: 0 };
  const job = await site.submit(body);
  await site.finished(`${job.id}.1`);
  await using watched = await site.open(`/runs/${job.id}.1`);
  const { page } = watched;
  await page.locator('.log-line', { hasText: 'attempt 2' }).waitFor();
  await page.getByLabel('Attempt').selectOption('1');
  await page.locator('.log-line', { hasText: 'attempt 1' }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('a finished run is run again with another argument, in two clicks besides typing', async () => {
  const body = { command: './report.sh --region us || echo "$MODE $0"', name: 'report', env: { MODE: 'fast' } };
  const job = await site.submit(body);
  await site.finished(`${job.id}.1`);
  await using watched = await site.open('/');
  const { page } = watched;
  // A click is not lost that comes before what was executed is known.
  const asked = Promise.withResolvers<void>();
  await page.route('**/versions', async (route) => {
    await asked.promise;
    await route.continue();
  });
  await page.goto(`${site.url}/runs/${job.id}.1`);
  await page.getByRole('button', { name: 'Run again with changes…' }).click();
  asked.resolve();
  const dialog = page.getByRole('dialog', { name: 'Run report#1 again with changes' });
  await dialog.getByLabel('Timeout in seconds').fill('soon');
  await page.keyboard.press('Control+Enter');
  await dialog.locator('.field-error').waitFor();
  await dialog.getByLabel('Timeout in seconds').fill('60');
  await dialog.getByLabel('Command').fill('echo "$MODE to the west"');
  await dialog.getByRole('button', { name: 'Run it' }).click();
  await page.locator('.log-line', { hasText: 'fast to the west' }).waitFor();
  await page.locator('.run-command', { hasText: 'to the west' }).waitFor();
  const report = await site.until<{ command: string; version: number }>('api/jobs/report', () => true);
  expect([report.command, report.version]).toEqual([body.command, 1]);
  expect(watched.faults).toEqual([]);
});

test('a job is run by hand and deleted, after asking', async () => {
  await site.submit({ command: 'echo hi', schedule: '0 0 1 1 *', name: 'yearly' });
  await using watched = await site.open('/jobs/yearly');
  const { page } = watched;
  await page.getByText('It has not run yet.').waitFor();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.locator('table.runs').getByText('Succeeded').waitFor();
  await page.getByText('by hand').waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  await page.getByRole('link', { name: 'yearly' }).waitFor({ state: 'detached' });
  expect(watched.faults).toEqual([]);
});

/** Whether it stands inside the window that `openPage` opens. */
async function isInSight(locator: Locator): Promise<boolean> {
  const box = await locator.boundingBox();
  return box !== null && box.y > 0 && box.y + box.height < 800;
}
