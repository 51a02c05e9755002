/**
 * `npm run screenshots`: docs/images/*.png, of the real page on the real program with jobs that really ran. Needs
 * Chromium and a built page.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { JobView } from '../src/http/schema/job-view.ts';
import type { RunView } from '../src/http/schema/run-view.ts';
import { launchBrowser, openPage } from '../test/browser/support/browser.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { startStandalone } from '../test/support/standalone.ts';

const OUT = 'docs/images';

/** What `./backup.sh` is, in the folder that commands start in. */
const BACKUP = String.raw`#!/bin/sh
printf '\033[1mBacking up\033[0m /srv/data to s3://backups/nightly\n'
for i in 1 2 3 4 5 6 7 8; do
  sleep 0.05
  printf '\033[32m✓\033[0m part-0%s.zst  \033[2m%s.4 MB\033[0m\n' $i $((17 + i * 3))
  if [ $i = 6 ]; then echo 'warning: part-06.zst is larger than the last one by 41 %' >&2; fi
done
printf '\033[1;32m8 of 8 parts stored and verified\033[0m\n'
`;

/** Oldest first: the list shows the newest on top. */
const JOBS = [
  { name: 'report', command: './report.py --month', schedule: '0 9 1 * *', timezone: 'Europe/Berlin', retries: 3 },
  { name: 'sync-mirrors', command: 'rsync -a --delete mirror::debian /srv/mirror', schedule: '@every 15m' },
  { name: 'rotate-logs', command: 'echo rotated 14 files', schedule: '@hourly' },
  { name: 'heartbeat', command: 'date', schedule: '*/10 * * * * *' },
  { name: 'check-disk', command: 'echo "/srv is at 93 %" >&2; exit 1' },
  {
    name: 'nightly-backup',
    command: './backup.sh --all /srv/data',
    schedule: '0 2 * * *',
    timezone: 'Europe/Berlin',
    timeout_seconds: 3_600,
  },
  { name: 'train-model', command: 'echo epoch 1; exec sleep 600' },
  { command: "echo 'Hello, World!'" },
];

await using folder = await temporaryFolder();
await writeFile(join(folder.path, 'backup.sh'), BACKUP, { mode: 0o755 });
await using server = await startStandalone({ folder: folder.path, flags: ['--timezone', 'UTC', '--name', 'web-1'] });
const browser = await launchBrowser();
try {
  await mkdir(OUT, { recursive: true });
  for (const job of JOBS) await post<JobView>('api/jobs', job);
  const backup = await post<RunView>('api/jobs/nightly-backup/run', {});
  await post<JobView>('api/jobs/sync-mirrors/pause', {});
  for (const colorScheme of ['light', 'dark'] as const) {
    await using wide = await openPage(browser, { colorScheme, viewport: { width: 1180, height: 760 } });
    await takeJobs(wide.page, `jobs-${colorScheme}.png`);
    await takeRun(wide.page, backup.id, `run-${colorScheme}.png`);
  }
  await using phone = await openPage(browser, { colorScheme: 'dark', viewport: { width: 360, height: 740 } });
  await takeRun(phone.page, backup.id, 'run-phone.png');
} finally {
  await browser.close();
}

async function takeJobs(page: Page, file: string): Promise<void> {
  await page.goto(server.url);
  await page.getByLabel('Command', { exact: true }).fill('pg_dump shop | gzip > shop.sql.gz');
  await page.getByLabel('On a schedule').check();
  await page.getByLabel('Schedule', { exact: true }).fill('30 2 * * 1-5');
  await page.locator('form .preview time').first().waitFor();
  await page.locator('tr', { hasText: 'heartbeat' }).getByText('Succeeded').waitFor();
  await page.locator('tr', { hasText: 'nightly-backup' }).getByText('Succeeded').waitFor();
  await page.screenshot({ path: join(OUT, file) });
}

async function takeRun(page: Page, run: string, file: string): Promise<void> {
  await page.goto(`${server.url}/runs/${run}`);
  await page.locator('.log-line', { hasText: 'stored and verified' }).waitFor();
  await page.locator('.page-head').getByText('Succeeded').waitFor();
  await page.screenshot({ path: join(OUT, file) });
}

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(`${server.url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Answer;
}
