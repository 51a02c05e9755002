import { expect, test } from 'vitest';
import { useSite } from './support/site.ts';

const site = useSite();

test('an open page says that the server is away, and heals when it is back', async () => {
  await site.submit({ command: 'true', name: 'before' });
  await using watched = await site.open('/jobs');
  const { page } = watched;
  await page.getByRole('link', { name: 'before' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await site.server.end('SIGKILL');
  await page.getByText('The server does not answer').waitFor();
  await page.getByRole('link', { name: 'before' }).waitFor();
  await site.restart();
  await page.getByText('Live', { exact: true }).waitFor();
  await site.submit({ command: 'true', name: 'after' });
  await page.getByRole('link', { name: 'after' }).waitFor();
  expect(watched.faults).toEqual([]);
});
