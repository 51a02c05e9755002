import { expect, test } from 'vitest';
import { useSite } from './support/site.ts';

const site = useSite();

test('a command is submitted by keyboard, succeeds, and its output is one link away', async () => {
  await using watched = await site.open('/submit');
  const { page } = watched;
  await page.getByLabel('Command', { exact: true }).fill("echo 'Hello, World!'");
  await page.keyboard.press('Control+Enter');
  await page.getByText('Submitted job').waitFor();
  await page.getByRole('link', { name: 'See its output' }).click();
  await page.locator('.log-line', { hasText: 'Hello, World!' }).waitFor();
  await page.getByRole('heading', { name: /#1$/ }).waitFor();
  expect(watched.faults).toEqual([]);
});

test('a schedule is put into words with its next times while typing, and its runs arrive live', async () => {
  await using watched = await site.open('/submit');
  const { page } = watched;
  await page.getByLabel('Command', { exact: true }).fill('date');
  await page.getByLabel('On a schedule').check();
  await page.getByLabel('Schedule', { exact: true }).pressSequentially('* * * * * *');
  await page.getByText('Every second', { exact: false }).first().waitFor();
  expect(await page.locator('form .preview time').count()).toBe(3);
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
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Type the command to run.').waitFor();
  await page.getByLabel('Command', { exact: true }).fill('true');
  await page.getByLabel('On a schedule').check();
  const schedule = page.getByLabel('Schedule', { exact: true });
  await schedule.fill('61 * * * * *');
  await page.locator('.field', { has: schedule }).locator('.field-error').waitFor();
  expect(await schedule.getAttribute('aria-invalid')).toBe('true');
  await schedule.fill('@every 90s');
  await page.locator('form .preview').waitFor();
  await page.getByLabel('Time zone optional').fill('Europe/Nowhere');
  await page
    .locator('.field', { has: page.getByLabel('Time zone optional') })
    .locator('.field-error')
    .waitFor();
  await page.getByLabel('Time zone optional').fill('Europe/Berlin');
  await page.getByLabel('Name').fill('taken');
  await page.getByText('More options').click();
  await page.getByLabel('Retries').fill('many');
  await page.keyboard.press('Control+Enter');
  await page
    .locator('.field', { has: page.getByLabel('Retries') })
    .locator('.field-error')
    .waitFor();
  await page.getByLabel('Retries').fill('2');
  expect(await page.getByLabel('Retries').isVisible()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await page
    .locator('.field', { has: page.getByLabel('Name') })
    .locator('.field-error')
    .waitFor();
  expect(watched.faults).toEqual([]);
});
