/** Finding one's way in a long output, whatever it says. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { long } from '../support/long.ts';
import { REST_MS } from '../../static/src/output/rest.ts';
import { gate, useSite } from './support/site.ts';

const site = useSite();
/** More than can be scrolled to at their true height. */
const LINES = long ? 1_000_000 : 500_000;
const PADDING = long ? ' the quick brown fox jumps over the lazy dog and more' : '';
let big = '';

beforeAll(async () => {
  const command = `seq -f 'line %.0f${PADDING}' 1 ${LINES}; echo 'oops: TypeError' >&2`;
  const job = await site.submit({ command, name: 'big', output_limit_bytes: 64 * 2 ** 20 });
  big = `/runs/${job.id}.1`;
  await site.finished(`${job.id}.1`);
});

const line = (page: Page, n: number): ReturnType<Page['locator']> => page.locator(`.log-line[data-n="${n}"]`);
/** Whether a line stands in the part of the log that is in sight. */
const inSight = (page: Page, n: number): Promise<boolean> =>
  page.evaluate(`(() => {
    const log = document.querySelector('.log').getBoundingClientRect();
    const line = document.querySelector('.log-line[data-n="${n}"] .log-text')?.getBoundingClientRect();
    return line !== undefined && line.top >= log.top && line.bottom <= log.bottom;
  })()`);
const chosen = async (page: Page): Promise<string[]> =>
  (await page.locator('.log-line.chosen .log-number').allTextContents()).toSorted();

test('any line of very many is reached: the ends, the middle, by its address and by its number', async () => {
  await using watched = await site.open(`${big}#L123456-L123458`);
  const { page } = watched;
  await line(page, 123_457).getByText('line 123457', { exact: false }).waitFor();
  expect(await inSight(page, 123_456)).toBe(true);
  expect(await chosen(page)).toEqual(['123456', '123457', '123458']);
  await page.getByLabel('Output lines').focus();
  await page.keyboard.press('End');
  await line(page, LINES + 1)
    .getByText('oops')
    .waitFor();
  await expect.poll(() => inSight(page, LINES + 1)).toBe(true);
  await page.keyboard.press('Home');
  await line(page, 1).getByText('line 1').waitFor();
  await expect.poll(() => inSight(page, 1)).toBe(true);
  // What is drawn stays little, and the space is one that every browser takes.
  expect(await page.locator('.log-line').count()).toBeLessThan(1_000);
  expect(await page.evaluate("document.querySelector('.log').scrollHeight")).toBeLessThan(10_000_000);
  // To where the thumb of the scroll bar is dragged.
  const scrollTo = (part: number): Promise<unknown> =>
    page.evaluate(`(() => {
      const log = document.querySelector('.log');
      log.scrollTop = (log.scrollHeight - log.clientHeight) * ${part};
    })()`);
  await scrollTo(0.5);
  const middle = page.locator('.log-line .log-text', { hasText: new RegExp(`^line ${`${LINES / 2}`.slice(0, 3)}`) });
  await middle.first().waitFor();
  await scrollTo(1);
  await expect.poll(() => inSight(page, LINES + 1)).toBe(true);
  await page.getByLabel('Line', { exact: true }).fill('250000-250001');
  await page.keyboard.press('Enter');
  await line(page, 250_000).getByText('line 250000').waitFor();
  expect(new URL(page.url()).hash).toBe('#L250000-L250001');
  await line(page, 250_003)
    .locator('.log-number')
    .click({ modifiers: ['Shift'] });
  expect(new URL(page.url()).hash).toBe('#L250000-L250003');
  await line(page, 250_002).locator('.log-number').click();
  await expect.poll(() => chosen(page)).toEqual(['250002']);
  expect(watched.faults).toEqual([]);
});

test('to scroll at the moment in which scrolling comes to rest is not lost', async () => {
  await using watched = await site.open('/');
  const { page } = watched;
  // So that the timer can be had between a scroll and the frame in which the browser tells of it.
  await page.addInitScript(`(() => {
    const { setTimeout } = window;
    window.setTimeout = (act, ms) => {
      if (ms === ${REST_MS}) window.atRest = act;
      return setTimeout(act, ms);
    };
  })()`);
  await page.goto(site.url + big);
  await line(page, LINES + 1)
    .getByText('oops')
    .waitFor();
  await page.evaluate(`new Promise((done) => {
    const log = document.querySelector('.log');
    log.addEventListener('scroll', () => requestAnimationFrame(() => {
      log.scrollTop = log.scrollHeight;
      window.atRest();
      done();
    }), { once: true });
    log.scrollTop = (log.scrollHeight - log.clientHeight) / 2;
  })`);
  await expect.poll(() => inSight(page, LINES + 1)).toBe(true);
  expect(watched.faults).toEqual([]);
});

test('a line that is being typed stays while others come', async () => {
  const more = gate(site, 'more');
  const job = await site.submit({ command: `seq 1 50; ${more.wait}; seq 51 60` });
  await using watched = await site.open(`/runs/${job.id}.1`);
  const { page } = watched;
  await line(page, 50).waitFor();
  await page.getByLabel('Line', { exact: true }).fill('7');
  await more.open();
  await line(page, 60).waitFor();
  await page.locator('.page-head').getByText('Succeeded').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => chosen(page)).toEqual(['7']);
  expect(watched.faults).toEqual([]);
});

test('the whole output is searched, forth and back, and its first error found', async () => {
  await using watched = await site.open(big);
  const { page } = watched;
  await line(page, LINES + 1)
    .getByText('oops')
    .waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('LINE 4321');
  await line(page, 4_321).locator('mark').waitFor();
  // 4321 and 4321x, and those after 43210 and 432100 that there are.
  const count = Array.from({ length: LINES }, (_, at) => `${at + 1}`).filter((n) => n.startsWith('4321')).length;
  await page
    .getByRole('status')
    .filter({ hasText: `1 of ${count}` })
    .waitFor();
  await page.keyboard.press('Enter');
  await line(page, 43_210).locator('mark').waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await page
    .getByRole('status')
    .filter({ hasText: `${count} of ${count}` })
    .waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.log mark').count()).toBe(0);
  await page.keyboard.press('/');
  await page.keyboard.type('line');
  await page.getByRole('status').filter({ hasText: 'over 1,000' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await page
    .getByText(`Line ${(LINES + 1).toLocaleString('en')} is the first that names an error.`)
    .first()
    .waitFor();
  expect(await chosen(page)).toEqual([`${LINES + 1}`]);
  await page.getByLabel('stderr').check();
  await expect.poll(() => page.locator('.log-line').count()).toBe(1);
  expect(new URL(page.url()).search).toBe('?stream=stderr');
  expect(watched.faults).toEqual([]);
});

test('lines without end, without form or with a will of their own do no harm', async () => {
  const megabyte = `head -c 1000000 /dev/zero | tr '\\0' 'x'`;
  const text = String.raw`\0 \342\200\256 moc.evil \033]0;t\007 <img src=x onerror=alert(1)> 10%%\r100%% \377`;
  const job = await site.submit({ command: `${megabyte}; printf '\\n${text}\\nend\\n'`, output_limit_bytes: 8e6 });
  await site.finished(`${job.id}.1`);
  await using watched = await site.open(`/runs/${job.id}.1`);
  const { page } = watched;
  await page.locator('.log-line', { hasText: /^\d+end$/ }).waitFor();
  const seen = page.locator('.log-text', { hasText: '100%' });
  expect(await seen.textContent()).toBe('100% \ufffd');
  await page.keyboard.press('w');
  await page.keyboard.press('t');
  await page.locator('.log-time').first().waitFor();
  await page.getByLabel('Output lines').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => inSight(page, 1)).toBe(true);
  expect(await page.locator('.log img').count()).toBe(0);
  expect(watched.faults).toEqual([]);
});
