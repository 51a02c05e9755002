/** As if the program had been there for weeks: its own answers, with their times moved and a day's numbers filled in. */
import type { Page } from 'playwright-core';
import type { CalendarView } from '../../src/http/schema/calendar.ts';
import type { RunList } from '../../src/http/schema/run-view.ts';
import type { JobStats, Series } from '../../src/http/schema/stats.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = 96;
const STEP_SECONDS = 900;

export async function livedIn(page: Page): Promise<void> {
  await page.route('**/api/stats/series?*', (route) => route.fulfill({ json: wholeDay(Date.now()) }));
  await page.route('**/api/jobs/*/runs?*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: nightByNight((await answer.json()) as RunList) });
  });
  await calendarOfWeeks(page);
}

const WEEK = 7 * DAY;
/** How long the runs of a job take. */
const MINUTES: Readonly<Record<string, number>> = {
  'nightly-backup': 38,
  'load-warehouse': 52,
  'vacuum-db': 24,
  reindex: 11,
  'rotate-logs': 6,
};

/** The calendar of next week, as if it were this one's, with runs in the slots that have been. */
async function calendarOfWeeks(page: Page): Promise<void> {
  const entries = new Map<string, CalendarView['jobs'][number]>();
  await page.route('**/api/schedules/calendar?*', async (route) => {
    const url = new URL(route.request().url());
    for (const name of ['since', 'until']) url.searchParams.set(name, moved(url.searchParams.get(name) ?? '', WEEK));
    const answer = await route.fetch({ url: url.href });
    const calendar = (await answer.json()) as CalendarView;
    const jobs = calendar.jobs.map((entry) =>
      Object.assign(entry, { slots: entry.slots.map((at) => moved(at, -WEEK)) }),
    );
    for (const entry of jobs) entries.set(entry.job.id, entry);
    await route.fulfill({ response: answer, json: { ...calendar, jobs } });
  });
  await page.route('**/api/runs?job=*', async (route) => {
    const entry = entries.get(new URL(route.request().url()).searchParams.get('job') ?? '');
    if (entry === undefined) return route.fallback();
    await route.fulfill({ json: { runs: runsOf(entry), next_cursor: null } });
  });
  await page.route('**/api/jobs/*/stats', async (route) => {
    const answer = await route.fetch();
    const stats = (await answer.json()) as JobStats;
    const id = route.request().url().split('/').at(-2) ?? '';
    const usual = minutesOf(entries.get(id));
    const json = usual === null ? stats : { ...stats, duration_ms: { p50: usual, p95: usual * 1.3 } };
    await route.fulfill({ response: answer, json });
  });
}

const moved = (time: string, by: number): string => new Date(Date.parse(time) + by).toISOString();

function minutesOf(entry: CalendarView['jobs'][number] | undefined): number | null {
  const minutes = MINUTES[entry?.job.name ?? ''];
  return minutes === undefined ? null : minutes * 60_000;
}

function runsOf(entry: CalendarView['jobs'][number]): unknown[] {
  const took = minutesOf(entry) ?? 1_000;
  const been = entry.slots.filter((slot) => Date.parse(slot) + took < Date.now());
  return been.map((slot, index) => ({
    id: `${entry.job.id}.${index + 1}`,
    number: index + 1,
    status: index % 7 === 3 ? 'failed' : 'succeeded',
    scheduled_for: slot,
    started_at: slot,
    finished_at: moved(slot, took * (1 + 0.2 * Math.sin(index * 3))),
  }));
}

/** Busy by day, quiet by night, with a bad hour. */
function wholeDay(now: number): Series {
  const first = Math.floor(now / 1_000 / STEP_SECONDS - STEPS + 1) * STEP_SECONDS * 1_000;
  const points = Array.from({ length: STEPS }, (_, step) => {
    const hour = new Date(first + step * STEP_SECONDS * 1_000).getUTCHours();
    const busy = hour >= 6 && hour < 19 ? 1 : 0.35;
    const wave = 1 + 0.35 * Math.sin(step / 5) + 0.2 * Math.sin(step * 1.7);
    const bad = step > 57 && step < 62;
    return {
      time: new Date(first + step * STEP_SECONDS * 1_000).toISOString(),
      ended: {
        succeeded: Math.round(140 * busy * wave),
        failed: bad ? 36 : step % 9 === 0 ? 3 : 0,
        cancelled: step % 31 === 0 ? 4 : 0,
        skipped: 0,
      },
      started_late: 0,
      queued: Math.round((bad ? 22 : 3) * busy * wave),
      // Towards the one that really runs.
      running: Math.max(1, Math.round(11 * busy * wave * Math.min(1, (STEPS - 1 - step) / 12))),
      duration_ms: { p50: 1_200, p95: 9_000 },
      lateness_ms: { p50: 4, p95: 22 },
    };
  });
  return { step_seconds: STEP_SECONDS, points };
}

/** The newest last night, each other one a night before. */
function nightByNight({ runs, next_cursor }: RunList): RunList {
  const night = Math.floor(Date.now() / DAY) * DAY + HOUR;
  const moved = runs.map((run, index) => {
    if (run.started_at === null || run.finished_at === null) return run;
    const at = night - (index + (night > Date.now() ? 1 : 0)) * DAY;
    const took = (run.duration_ms ?? 0) * 900;
    const time = (ms: number): string => new Date(ms).toISOString();
    return {
      ...run,
      trigger: 'schedule' as const,
      created_at: time(at),
      scheduled_for: time(at),
      started_at: time(at + 12),
      finished_at: time(at + 12 + took),
      duration_ms: took,
    };
  });
  return { runs: moved, next_cursor };
}
