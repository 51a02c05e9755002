/** Whatever a command, a field or an output says, it is shown as text: no element, no script, no link comes of it. */
import { expect, test } from 'vitest';
import { useSite } from './support/site.ts';

const site = useSite();
const IMAGE = '<img src=x onerror="alert(1)">';

test('output and commands have no effect', async () => {
  const link = String.raw`\033]8;;javascript:alert(1)\007click\033]8;;\007`;
  const screen = String.raw`\033[2J\033[H\033[?1049h\033[38;5;300m\033[38;2;1;2m`;
  const command = `printf '${IMAGE} ${link} ${screen}end\\n'; printf '\\001\\377\\b' >&2; echo '<script>alert(2)</script>'`;
  const job = await site.submit({ command, description: IMAGE, tags: [IMAGE], env: { EVIL: IMAGE } });
  await site.finished(`${job.id}.1`);
  for (const path of ['/jobs', `/jobs/${job.id}`, `/runs/${job.id}.1`]) {
    await using watched = await site.open(path);
    const { page } = watched;
    await page.getByText('onerror').first().waitFor();
    if (path.startsWith('/runs')) await page.locator('.log-text', { hasText: 'alert(2)' }).waitFor();
    expect(await page.locator('img, #app script, .log-text a').count()).toBe(0);
    expect(watched.faults).toEqual([]);
  }
});

test('neither on the other screens, nor in filters and addresses', async () => {
  const named = await site.submit({ command: IMAGE, description: IMAGE, tags: [IMAGE], schedule: '0 0 1 1 *' });
  const image = encodeURIComponent(IMAGE);
  await using watched = await site.open('/');
  const { page } = watched;
  const paths = [
    '/',
    '/runs',
    `/jobs/${named.id}/definition`,
    `/jobs/${named.id}/versions`,
    '/schedules',
    `/jobs?tag=${image}`,
    `/runs?q=${image}&job=${image}`,
    `/workers/${image}`,
    `/submit?from=${named.id}`,
    '/settings/audit',
  ];
  for (const path of paths) {
    await page.goto(site.url + path);
    await page.locator('h1').waitFor();
    await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
    expect(await page.locator('img, #app script').count(), path).toBe(0);
  }
  expect(watched.faults).toEqual([]);
});

test('neither have fields, errors that quote them, and addresses', async () => {
  await using watched = await site.open(`/jobs/${encodeURIComponent(IMAGE)}`);
  const { page } = watched;
  await page.getByRole('alert').waitFor();
  await page.getByRole('link', { name: 'All jobs' }).click();
  await page.getByRole('link', { name: 'New job' }).click();
  await page.getByLabel('Command', { exact: true }).fill(IMAGE);
  await page.getByLabel('On a schedule').check();
  await page.getByLabel('Schedule', { exact: true }).fill(IMAGE);
  await page.locator('.field-error').first().waitFor();
  await page.getByLabel('Schedule', { exact: true }).fill('@daily');
  await page.getByLabel('Name').fill(IMAGE);
  await page.keyboard.press('Control+Enter');
  await page
    .locator('.field', { has: page.getByLabel('Name') })
    .locator('.field-error')
    .waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(watched.faults).toEqual([]);
});

test('a command that cannot start says why, as text', async () => {
  const job = await site.submit({ command: 'true', cwd: `/${IMAGE}` });
  await site.finished(`${job.id}.1`);
  await using watched = await site.open(`/runs/${job.id}.1`);
  await watched.page.getByText('could not be started').waitFor();
  expect(await watched.page.locator('img').count()).toBe(0);
  expect(watched.faults).toEqual([]);
});
