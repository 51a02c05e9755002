/** Why a run stands where it stands, in words. */
import type { AttemptView, RunView } from '../../../src/http/schema/run-view.ts';
import { until } from './duration.ts';
import { shortTime } from './time.ts';
import { number } from './size.ts';

type Told = Pick<RunView | AttemptView, 'reason' | 'detail' | 'exit_code' | 'signal'>;

/** Empty when there is nothing to add to the status. */
export function reasonWords(told: Told): string {
  const words = told.reason === null ? '' : mainWords(told.reason, told);
  return told.detail === null || words.includes(told.detail) ? words : [words, told.detail].filter(Boolean).join(': ');
}

/** A reason without words is one that a newer program gave. */
function mainWords(reason: NonNullable<Told['reason']>, told: Told): string {
  const known: Partial<typeof WORDS> = WORDS;
  return known[reason]?.(told) ?? reason;
}

const ended = ({ exit_code: code, signal }: Told): string =>
  signal !== null ? `, ended by ${signal}` : code !== null ? `, then exit ${code}` : '';

const WORDS: Readonly<Record<NonNullable<RunView['reason']>, (told: Told) => string>> = {
  exit: ({ exit_code: code }) => `exit ${code ?? '?'}`,
  signal: ({ signal }) => `killed by ${signal ?? 'a signal'}`,
  timeout: (told) => `timed out${ended(told)}`,
  spawn: () => 'could not be started',
  lost: () => 'its worker was lost',
  overlap: () => 'a run was still live',
  overlap_full: () => 'as many runs waited as may',
  misfire: () => 'nothing fired them in time',
  replaced: () => 'a newer run took its place',
  requested: () => 'on request',
  deleted: () => 'its job was deleted',
};

/** Why it waits, why it ended so, and what else is wrong with it. Empty for most. */
export function whyWords(run: RunView, now: number): string {
  const waiting = run.waiting_for === null ? '' : `waits for ${waitingWords(run, run.waiting_for, now)}`;
  const lost = run.contact_lost ? 'its worker is out of contact' : '';
  const ending = run.cancel_requested && run.status === 'running' ? 'being cancelled' : '';
  return [reasonWords(run), waiting, lost, ending, run.late ? 'late' : ''].filter(Boolean).join(' · ');
}

/** The server's words end in a time in UTC; people here count down. */
function waitingWords({ ready_at: readyAt }: RunView, words: string, now: number): string {
  return readyAt === null ? words : words.replace(readyAt, until(Date.parse(readyAt), now));
}

/** `skipped 12 slots, 02:00:00–02:11:00, because a run was still live`. */
export function skippedWords(run: RunView, now: number): string {
  if (run.skipped === null) return reasonWords(run);
  const { count, first, last, at_least: atLeast } = run.skipped;
  const slots = count === 1 ? 'the slot' : `${atLeast ? 'at least ' : ''}${number(count)} slots,`;
  const from = shortTime(Date.parse(first), now);
  const to = count === 1 ? '' : `–${shortTime(Date.parse(last), now)}`;
  return `${slots} ${from}${to}, because ${reasonWords(run)}`;
}

type OfJob = Pick<RunView, 'job_id' | 'job_name'>;

/** `nightly`, or `0199a6c2` for a job without a name. */
export const jobWord = (run: OfJob): string => run.job_name ?? run.job_id.slice(0, 8);

/** `nightly#42`. */
export const runName = (run: OfJob & Pick<RunView, 'number'>): string => `${jobWord(run)}#${run.number}`;

/** What made the run, in a word. */
export const TRIGGER_WORDS: Readonly<Record<RunView['trigger'], string>> = {
  schedule: 'schedule',
  submit: 'submitted',
  manual: 'by hand',
  retry: 'run again',
};
