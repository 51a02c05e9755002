/** Five things that people come for, with only the page, each in at most three clicks besides typing: on both engines. */
import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { ENGINES, useSite } from './support/site.ts';

/** Clicks, and refuses the fourth. */
function threeClicks(): (target: Locator) => Promise<void> {
  let left = 3;
  return async (target) => {
    expect((left -= 1)).toBeGreaterThanOrEqual(0);
    await target.click();
  };
}

describe.each(ENGINES)('on %s', (engine) => {
  const site = useSite(engine);

  beforeAll(async () => {
    const nightly = { command: 'true', timezone: 'UTC', tags: ['nightly'] };
    await site.submit({ ...nightly, name: 'backup', schedule: '30 * * * *' });
    await site.submit({ ...nightly, name: 'report', schedule: '30 * * * *' });
    const command = 'seq 1 3000; echo "fatal: disk ${1:-full}" >&2; seq 1 3000; exit 3';
    const broken = await site.submit({ command, name: 'broken' });
    await site.finished(`${broken.id}.1`);
  });

  test('the run that failed is found, and its first error read', async () => {
    await using watched = await site.open('/');
    const { page } = watched;
    const click = threeClicks();
    await click(page.getByRole('link', { name: /^Failed/ }));
    await click(page.getByRole('link', { name: 'broken#1' }));
    await click(page.getByRole('button', { name: 'First error' }));
    const line = page.locator('.log-line.chosen.stderr', { hasText: 'fatal: disk full' });
    await line.waitFor();
    // The end of a long output is there without a scroll through all of it.
    await page.getByLabel('Output lines').focus();
    await page.keyboard.press('End');
    await page.locator('.log-line[data-n="6001"] .log-text').waitFor();
    expect(watched.faults).toEqual([]);
  });

  test('it is run again with another argument, and read while it runs', async () => {
    await using watched = await site.open('/');
    const { page } = watched;
    const click = threeClicks();
    await click(page.getByRole('link', { name: 'broken#1' }));
    await click(page.getByRole('button', { name: 'Run again with changes…' }));
    await page.getByRole('dialog').getByLabel('Command').fill('echo "disk empty"; sleep 600');
    await click(page.getByRole('dialog').getByRole('button', { name: 'Run it' }));
    await page.locator('.log-line', { hasText: 'disk empty' }).waitFor();
    await page.locator('.page-head').getByText('Running').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.page-head').getByText('Cancelled').waitFor();
    expect(watched.faults).toEqual([]);
  });

  test('what will run tonight is seen, and where it overlaps', async () => {
    await using watched = await site.open('/', { timezoneId: 'UTC' });
    const { page } = watched;
    await threeClicks()(page.getByRole('link', { name: 'Schedules' }));
    await page
      .getByText(/2 \((?:backup, report|report, backup)\), at \d\d:30/)
      .first()
      .waitFor();
    expect(watched.faults).toEqual([]);
  });

  test('a job for every weekday at 7 in New York is made, with no doubt when it comes first', async () => {
    await using watched = await site.open('/');
    const { page } = watched;
    const click = threeClicks();
    await click(page.getByRole('link', { name: 'New job' }).first());
    await page.getByLabel('Command', { exact: true }).fill('./report.sh');
    await click(page.getByLabel('On a schedule'));
    await page.getByLabel('How often').selectOption('Every weekday');
    await page.getByLabel('Time zone').fill('America/New_York');
    await page.getByLabel('Name').fill('weekdays');
    await page.locator('.next-times time', { hasText: '07:00:00' }).first().waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').getByRole('link', { name: 'weekdays' }).waitFor();
    const job = await site.until<JobView>('api/jobs/weekdays', () => true);
    expect([job.schedule, job.timezone]).toEqual(['0 7 * * 1-5', 'America/New_York']);
    expect(watched.faults).toEqual([]);
  });

  test('everything with one tag is paused, and other tabs are told', async () => {
    await using watched = await site.open('/jobs');
    const { page } = watched;
    const other = await page.context().newPage();
    await other.goto(`${site.url}/jobs/backup`);
    await other.getByRole('button', { name: 'Live' }).waitFor();
    const click = threeClicks();
    await page.getByLabel('Search jobs').fill('tag:nightly');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'broken', exact: true }).waitFor({ state: 'detached' });
    await click(page.getByLabel('Select all that match'));
    await click(page.getByRole('button', { name: 'Pause' }));
    await click(page.getByRole('button', { name: 'Pause 2' }));
    await page.getByRole('dialog').getByText('2 done').waitFor();
    await other.locator('.page-head').getByText('Paused').waitFor();
    expect(watched.faults).toEqual([]);
  });
});
