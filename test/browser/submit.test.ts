/** Making and editing jobs: the form that explains itself, and the definition as text. */
import { expect, test } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { useSite } from './support/site.ts';

const site = useSite();

test('a command is submitted by keyboard, and its output is one link away', async () => {
  await using watched = await site.open('/');
  const { page } = watched;
  await page.getByText('Nothing has been submitted yet').waitFor();
  await page.keyboard.press('s');
  await page.getByRole('heading', { name: 'New job' }).waitFor();
  await page.getByLabel('Command', { exact: true }).fill("echo 'Hello, World!'");
  await page.keyboard.press('Control+Enter');
  await page.getByText('Submitted job').waitFor();
  await page.getByRole('link', { name: 'See its output' }).click();
  await page.locator('.log-line', { hasText: 'Hello, World!' }).waitFor();
  await page.getByRole('heading', { name: /#1$/ }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('every weekday at 7 in New York is three choices, and its next times are the server’s', async () => {
  await using watched = await site.open('/submit', { timezoneId: 'Asia/Tokyo' });
  const { page } = watched;
  await page.getByLabel('Command', { exact: true }).fill('./report.sh');
  await page.getByLabel('On a schedule').check();
  await page.getByLabel('How often').selectOption('Every weekday');
  await page.getByLabel('Time zone').fill('America/New_York');
  expect(await page.getByLabel('Schedule', { exact: true }).inputValue()).toBe('0 7 * * 1-5');
  const times = page.locator('.next-times time');
  await expect.poll(() => times.allTextContents()).toHaveLength(5);
  await page.getByText('America/New_York', { exact: true }).waitFor();
  expect(await times.first().textContent()).toMatch(/^(Mon|Tue|Wed|Thu|Fri) \d+ \w+ 07:00:00$/);
  expect(await page.getByLabel('The same as a command line').last().textContent()).toBe(
    "jobsched submit --cron '0 7 * * 1-5' --tz America/New_York -- ./report.sh",
  );
  expect(watched.faults).toEqual([]);
});

test('a schedule is put into words while typing, and its runs arrive live', async () => {
  await using watched = await site.open('/submit');
  const { page } = watched;
  await page.getByLabel('Command', { exact: true }).fill('date');
  await page.getByLabel('On a schedule').check();
  await page.getByLabel('Schedule', { exact: true }).pressSequentially('* * * * * *');
  await page.getByText('Every second', { exact: false }).first().waitFor();
  await page.getByLabel('Name').fill('every-second');
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByRole('status').getByRole('link', { name: 'every-second' }).click();
  await page.getByRole('heading', { name: 'every-second' }).waitFor();
  await page.getByRole('rowheader', { name: '#3', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.locator('.page-head').getByText('Paused').waitFor();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('what is wrong is said at its field, while typing and after a submit', async () => {
  await site.submit({ command: 'true', name: 'taken' });
  await using watched = await site.open('/submit');
  const { page } = watched;
  const errorAt = (label: string): Promise<void> =>
    page
      .locator('.field', { has: page.getByLabel(label, { exact: label === 'Schedule' }) })
      .locator('.field-error')
      .waitFor();
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Type the command to run.').waitFor();
  await page.getByLabel('Command', { exact: true }).fill('true');
  await page.getByLabel('On a schedule').check();
  const schedule = page.getByLabel('Schedule', { exact: true });
  await schedule.fill('61 * * * * *');
  await errorAt('Schedule');
  expect(await schedule.getAttribute('aria-invalid')).toBe('true');
  await schedule.fill('@every 90s');
  await page.locator('.next-times').waitFor();
  await page.getByLabel('Time zone').fill('Europe/Nowhere');
  await errorAt('Time zone');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByLabel('Name').fill('taken');
  await page.getByText('If it fails, or takes too long').click();
  await page.getByLabel('Retries', { exact: true }).fill('many');
  await page.keyboard.press('Control+Enter');
  await page.locator('.field', { hasText: 'Retries' }).locator('.field-error').waitFor();
  await page.getByLabel('Retries', { exact: true }).fill('2');
  await page.keyboard.press('Control+Enter');
  await errorAt('Name');
  expect(watched.faults).toEqual([]);
});

test('a definition is edited as a form and as YAML, and its versions say what changed', async () => {
  await site.submit({ command: './sync.sh', name: 'sync', schedule: '@hourly', tags: ['infra'] });
  await using watched = await site.open('/jobs/sync/definition');
  const { page } = watched;
  await page.getByLabel('Schedule', { exact: true }).fill('@daily');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved as version 2.').waitFor();
  await page.getByLabel('YAML', { exact: true }).check();
  const yaml = page.getByLabel('Definition as YAML');
  await expect.poll(() => yaml.inputValue()).toContain('schedule: "@daily"');
  await yaml.fill('type: cron\nschedule: 0 3 * * *\ncommand: ./sync.sh --all\nretries: many\n');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('retries').waitFor();
  await yaml.fill('type: cron\nschedule: 0 3 * * *\ncommand: ./sync.sh --all\nretries: 2\n');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Version 3.').waitFor();
  await page.getByRole('link', { name: 'Versions' }).click();
  await page.locator('ins', { hasText: './sync.sh --all' }).waitFor();
  await page.locator('del', { hasText: '["infra"]' }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('another’s edit is not undone by a save, and what is typed during a save is not lost', async () => {
  const { id } = await site.submit({ command: 'true', name: 'shared' });
  const commandNow = async (): Promise<string> => (await site.until<JobView>(`api/jobs/${id}`, () => true)).command;
  await using watched = await site.open('/jobs/shared/definition');
  const { page } = watched;
  const save = page.getByRole('button', { name: 'Save' });
  await page.getByLabel('YAML', { exact: true }).check();
  const yaml = page.getByLabel('Definition as YAML');
  await yaml.fill('name: shared\ntype: once\ncommand: mine\n');
  await fetch(`${site.url}/api/jobs/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'theirs' }),
  });
  await page.getByText('Somebody else has edited it meanwhile.').waitFor();
  await save.click();
  await page.getByRole('alert').waitFor();
  expect(await commandNow()).toBe('theirs');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await expect.poll(() => yaml.inputValue()).toContain('command: theirs');

  await page.getByLabel('Form', { exact: true }).check();
  const held = Promise.withResolvers<void>();
  await page.route('**/api/jobs/*', async (route) => {
    if (route.request().method() === 'PATCH') await held.promise;
    await route.continue();
  });
  const command = page.getByLabel('Command', { exact: true });
  await command.fill('one');
  await Promise.all([page.waitForRequest((request) => request.method() === 'PATCH'), save.click()]);
  await command.fill('one, two');
  held.resolve();
  await page.getByText('Version 3.').waitFor();
  expect(await command.inputValue()).toBe('one, two');
  expect(await page.getByText('Somebody else').count()).toBe(0);
  await save.click();
  await page.getByText('Saved as version 4.').waitFor();
  expect(await commandNow()).toBe('one, two');
  expect(watched.faults).toEqual([]);
});
