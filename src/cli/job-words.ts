/** A job in words, the same in lists, sheets and after its creation. */
import { roughDuration } from './format/duration.ts';
import { escapeLine } from './format/escape.ts';
import { clockTime, relative, type Moment } from './format/time.ts';
import type { JobView } from '../client/client.ts';
import type { Instant } from '../domain/instant.ts';

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

/** `ok 2m ago`, `failed 2m ago`, `running 12s`: the latest run. */
export function lastWords({ last_run: run }: Pick<JobView, 'last_run'>, now: Instant): string {
  if (run === null) return '';
  if (run.status === 'running' && run.started_at !== null) {
    return `running ${roughDuration(Math.max(0, now - Date.parse(run.started_at)))}`;
  }
  const word = run.status === 'succeeded' ? 'ok' : run.status;
  return run.finished_at === null ? word : `${word} ${relative(Math.min(now, Date.parse(run.finished_at)), now)}`;
}

/** `created tick · every 10 seconds · next 14:35:10 (in 4s)`, made harmless for a terminal. */
export function creationSentence(job: JobView, moment: Moment): string {
  const next = nextTime(job);
  const when = next === null ? '' : `${clockTime(next, moment)} (${relative(next, moment.now)})`;
  if (job.type === 'cron') {
    return inOneLine([`created ${jobName(job)}`, scheduleWords(job), next === null ? 'no next time' : `next ${when}`]);
  }
  const queue = job.queue === 'default' ? [] : [`queue ${job.queue}`];
  return inOneLine([`created ${jobName(job)}`, when === '' ? 'runs now' : `runs ${when}`, ...queue]);
}

function inOneLine(parts: readonly string[]): string {
  return escapeLine(parts.join(' · '));
}
