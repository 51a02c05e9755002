/** A job in words, the same in lists, sheets and after its creation. */
import { biggestUnit } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import { age, clockTime, fullTime, relative, timeIn, type Moment } from '../format/time.ts';
import type { JobView } from '../../client/client.ts';
import { SECOND, type Instant } from '../../domain/instant.ts';

/** The job's name, or the first characters of its id: enough to type. */
export function jobName(job: Pick<JobView, 'id' | 'name'>): string {
  return job.name ?? job.id.slice(0, 8);
}

/** `every 10 seconds`, or `once`. Words that begin a sentence in the API stand within one here. */
export function scheduleWords(job: Pick<JobView, 'type' | 'schedule' | 'schedule_words'>): string {
  if (job.type === 'once') return 'once';
  const words = job.schedule_words ?? job.schedule;
  return words.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** When it comes next, if that is known: its next slot, or the time a once job still waits for. */
export function nextTime(job: Pick<JobView, 'next_run_at' | 'run_at' | 'status'>): Instant | null {
  const next = job.next_run_at ?? (job.status === 'pending' ? job.run_at : null);
  return next === null ? null : Date.parse(next);
}

/** `in 4s`; empty when nothing comes. */
export function nextWords(job: JobView, now: Instant): string {
  const next = nextTime(job);
  if (next === null) return '';
  return next < now ? 'now' : relative(next, now);
}

/**
 * The latest run. Of a cron job: `ok 2m ago`, `failed 2m ago`, `running 12s`. Of a once job, whose state stands beside
 * it: `2m ago`, `for 12s`. Of a silent worker's run nobody knows whether it still runs.
 */
export function lastWords({ type, last_run: run }: Pick<JobView, 'type' | 'last_run'>, now: Instant): string {
  if (run === null) return '';
  const isOnce = type === 'once';
  if (run.contact_lost) return 'no word from its worker';
  if (run.status === 'running' && run.started_at !== null) {
    return `${isOnce ? 'for' : 'running'} ${biggestUnit(Math.max(0, now - Date.parse(run.started_at)))}`;
  }
  const ended = run.finished_at === null ? [] : [age(Date.parse(run.finished_at), now)];
  return (isOnce ? ended : [run.status === 'succeeded' ? 'ok' : run.status, ...ended]).join(' ');
}

/** `2026-11-24 07:00 America/New_York (in 9h 12m)`: when it comes next. Null when that is not known. */
export function nextSentence(job: JobView, moment: Moment): string | null {
  const next = nextTime(job);
  if (next === null) return null;
  return job.type === 'once'
    ? fullTime(next, moment)
    : `${timeIn(zoneOf(job, moment), next)} (${relative(next, moment.now)})`;
}

/** A cron job's times make sense by the clock that its schedule is written for. */
function zoneOf({ timezone }: JobView, { zone, isAsked }: Moment): string {
  return isAsked ? zone : (timezone ?? 'UTC');
}

/**
 * `created tick · every 10 seconds · next 14:35:10 (in 4s)`, made harmless for a terminal.
 *
 * @param waitsFor what is in the way of a run that is to begin now.
 */
export function creationSentence(job: JobView, moment: Moment, waitsFor: string | null = null): string {
  const created = `created ${jobName(job)}`;
  if (job.type === 'cron') return inOneLine([created, scheduleWords(job), cronNext(job, moment)]);
  if (waitsFor !== null) return inOneLine([created, `waits: ${waitsFor}`]);
  const queue = job.queue === 'default' ? [] : [`queue ${job.queue}`];
  return inOneLine([created, onceNext(job, moment), ...queue]);
}

/** In the reader's own zone the clock alone will do. */
function cronNext(job: JobView, moment: Moment): string {
  const next = nextTime(job);
  if (next === null) return 'no next time';
  const isReaders = zoneOf(job, moment) === moment.zone;
  return `next ${isReaders ? clockAndDistance(next, moment) : nextSentence(job, moment)}`;
}

function onceNext({ run_at: at }: JobView, moment: Moment): string {
  if (at === null) return 'runs now';
  const time = Date.parse(at);
  if (time > moment.now) return `runs ${clockAndDistance(time, moment)}`;
  return moment.now - time < SECOND ? 'runs now' : `runs now (${clockTime(time, moment)} has passed)`;
}

function clockAndDistance(at: Instant, moment: Moment): string {
  return `${clockTime(at, moment)} (${relative(at, moment.now)})`;
}

function inOneLine(parts: readonly string[]): string {
  return escapeLine(parts.join(' · '));
}
