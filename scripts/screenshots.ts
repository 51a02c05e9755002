/**
 * `npm run screenshots`: docs/images/*.png, of the real page on the real program with jobs that really ran: every screen,
 * light and dark, wide and on a phone. Needs Chromium and a built page.
 *
 *   node scripts/screenshots.ts          all screens
 *   node scripts/screenshots.ts job runs only these
 *
 * The program has run for a minute by then. What takes a day to show, charts of a day and runs of weeks, is its own
 * answers with their times moved, in `lived-in.ts`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../test/browser/support/browser.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { startStandalone } from '../test/support/standalone.ts';
import { BACKUP, submitAll } from './screenshots/jobs.ts';
import { livedIn } from './screenshots/lived-in.ts';

const OUT = 'docs/images';
const SIZES = [
  { size: '', viewport: { width: 1280, height: 800 } },
  { size: '-phone', viewport: { width: 390, height: 800 } },
] as const;

interface Shown {
  readonly name: string;
  readonly path: string;
  readonly ready: (page: Page) => Promise<void>;
}

const sees = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();

/** Of each job: on a phone they are there, but not shown. */
const seesNumbers = (page: Page): Promise<void> => page.locator('.strip rect').nth(40).waitFor({ state: 'attached' });

const screensOf = (run: string): readonly Shown[] => [
  { name: 'overview', path: '/', ready: sees('.brief a') },
  { name: 'jobs', path: '/jobs', ready: seesNumbers },
  { name: 'job', path: '/jobs/nightly-backup', ready: sees('.heat-5') },
  { name: 'definition', path: '/jobs/nightly-backup/definition', ready: sees('.next-times time') },
  { name: 'runs', path: '/runs?status=failed%2Csucceeded%2Crunning', ready: sees('table.runs tbody a') },
  { name: 'run', path: `/runs/${run}`, ready: (page) => page.getByText('stored and verified').first().waitFor() },
  { name: 'log', path: `/runs/${run}`, ready: searchLog },
  { name: 'rerun', path: `/runs/${run}`, ready: runAgain },
  { name: 'schedules', path: '/schedules', ready: sees('.cal-bar.is-succeeded') },
  { name: 'week', path: '/schedules?view=week', ready: sees('.cal-bar.is-succeeded') },
  { name: 'submit', path: '/submit', ready: fillForm },
  { name: 'workers', path: '/workers', ready: sees('.worker') },
  { name: 'settings', path: '/settings', ready: sees('.facts') },
  { name: 'palette', path: '/jobs', ready: openPalette },
];

async function fillForm(page: Page): Promise<void> {
  await page.getByLabel('Command', { exact: true }).fill('./report.sh --region us-east');
  await page.getByLabel('On a schedule').check();
  await page.getByLabel('How often').selectOption('Every weekday');
  await page.getByLabel('Time zone').fill('America/New_York');
  await page.getByLabel('Name').fill('morning-report');
  await page.locator('.next-times time').first().waitFor();
  await page.locator('h1').focus();
}

async function searchLog(page: Page): Promise<void> {
  await page.getByText('stored and verified').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('part-0');
  await page.locator('.log mark').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: '2 of' }).waitFor();
}

async function runAgain(page: Page): Promise<void> {
  await page.getByText('stored and verified').first().waitFor();
  await page.getByRole('button', { name: 'with changes…' }).click();
  await page.getByRole('dialog').getByLabel('Command').waitFor();
}

async function openPalette(page: Page): Promise<void> {
  await seesNumbers(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('backup');
  await page.getByRole('option', { name: /nightly-backup/ }).waitFor();
}

await using folder = await temporaryFolder();
await writeFile(join(folder.path, 'backup.sh'), BACKUP, { mode: 0o755 });
await using server = await startStandalone({ folder: folder.path, flags: ['--timezone', 'UTC', '--name', 'web-1'] });
const browser = await launchBrowser();
try {
  await mkdir(OUT, { recursive: true });
  const run = await submitAll(server.url);
  const wanted = process.argv.slice(2);
  const screens = screensOf(run).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const screen of screens) await take(browser, screen);
} finally {
  await browser.close();
}

async function take(browser: Browser, { name, path, ready }: Shown): Promise<void> {
  for (const { size, viewport } of SIZES) {
    await using watched = await openPage(browser, { viewport, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin' });
    const { page } = watched;
    await livedIn(page);
    await page.goto(server.url + path);
    await ready(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(OUT, `${name}${size}-${colorScheme}.png`) });
    }
    // A request that is answered while its page closes is nobody's fault.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    console.log(`${name}${size}`);
  }
}
