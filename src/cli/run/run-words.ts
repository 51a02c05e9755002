/** A run in words and signs, the same in lists, sheets and last lines. */
import { duration } from '../format/duration.ts';
import { relative } from '../format/time.ts';
import type { Paint } from '../print/paint.ts';
import type { AttemptView, RunView } from '../../client/client.ts';
import type { Instant } from '../../domain/instant.ts';
import type { RunStatus } from '../../domain/run.ts';

const SIGNS: Readonly<Record<RunStatus, string>> = {
  pending: '○',
  running: '●',
  succeeded: '✓',
  failed: '✗',
  cancelled: '⊘',
  skipped: '↷',
};

/** State is a sign and a word; colour only repeats it. */
export function statusPaint(status: string, paint: Paint): (text: string) => string {
  if (status === 'succeeded') return paint.good;
  if (status === 'failed') return paint.bad;
  if (status === 'running') return paint.busy;
  return status === 'pending' || status === 'paused' ? paint.waiting : paint.quiet;
}

/** `nightly#42`, or `0199a6c2#1` for a job without a name. */
export function runName(run: Pick<RunView, 'job_id' | 'job_name' | 'number'>): string {
  return `${run.job_name ?? run.job_id.slice(0, 8)}#${run.number}`;
}

/** `✓ succeeded`. */
export function signAndStatus(status: RunStatus): string {
  return `${SIGNS[status]} ${status}`;
}

/** `✗ etl#7 failed: exit 3 after 41s on web-1`: how it ended, or how it stands. */
export function runSentence(run: RunView): string {
  const why = reasonWords(run);
  const took =
    run.duration_ms === null ? '' : ` ${run.status === 'succeeded' ? 'in' : 'after'} ${duration(run.duration_ms)}`;
  const where = run.worker === null ? '' : ` on ${run.worker}`;
  return `${SIGNS[run.status]} ${runName(run)} ${run.status}${why === '' ? '' : `: ${why}`}${took}${where}`;
}

/** Why it did not succeed; empty when there is nothing to say. */
export function reasonWords(run: Pick<RunView, 'reason' | 'detail' | 'exit_code' | 'signal' | 'skipped'>): string {
  const words = mainReason(run);
  const isSaid = run.detail === null || run.reason === 'lost' || words.includes(run.detail);
  const more = isSaid ? '' : ` (${run.detail})`;
  return words === '' ? (run.detail ?? '') : words + more;
}

/** `failed with exit 1`, `was lost`: what became of an attempt that another one followed. */
export function failureWords(attempt: Pick<AttemptView, 'reason' | 'exit_code' | 'signal'>): string {
  switch (attempt.reason) {
    case 'exit':
      return `failed with exit ${attempt.exit_code}`;
    case 'signal':
      return `was ended by ${attempt.signal ?? 'a signal'}`;
    case 'timeout':
      return 'timed out';
    case 'spawn':
      return 'could not be started';
    case 'lost':
      return 'was lost';
    case null:
      return 'failed';
  }
}

/** Why it waits, what may be wrong with it, or why it did not succeed. Of a run that was retried and runs, WHEN tells of its first attempt. */
export function whyWords(run: RunView, now: Instant): string {
  if (run.contact_lost) return `no word from ${run.worker ?? 'its worker'}${sinceWords(run, now)}`;
  if (run.waiting_for !== null) return `waits: ${waitingWords(run, run.waiting_for, now)}`;
  return run.status === 'running' && run.attempt > 1 ? `attempt ${run.attempt}` : reasonWords(run);
}

/** The server's words end in a time in UTC; here it is told as all others are. */
export function waitingWords({ ready_at: ready }: Pick<RunView, 'ready_at'>, words: string, now: Instant): string {
  return ready === null ? words : words.replace(`, ${ready}`, `, ${relative(Date.parse(ready), now)}`);
}

/** `, noticed 40s ago`: it was last heard of before that. */
function sinceWords({ contact_lost_at: lost }: RunView, now: Instant): string {
  return lost === null ? '' : `, noticed ${relative(Math.min(Date.parse(lost), now), now)}`;
}

function mainReason(run: Pick<RunView, 'reason' | 'detail' | 'exit_code' | 'signal' | 'skipped'>): string {
  switch (run.reason) {
    case null:
      return '';
    case 'exit':
      return `exit ${run.exit_code}`;
    case 'signal':
      return run.signal ?? 'a signal';
    case 'timeout':
      return 'timed out';
    case 'spawn':
      return 'could not be started';
    case 'lost':
      return lostWords(run.detail);
    case 'overlap':
      return `${slots(run)}an earlier run was live`;
    case 'overlap_full':
      return `${slots(run)}too many runs waited`;
    case 'misfire':
      return `${slots(run)}overdue`;
    case 'replaced':
      return 'a newer run took its place';
    case 'requested':
      return 'on request';
    case 'deleted':
      return 'its job was deleted';
    default:
      // A newer server's.
      return String(run.reason);
  }
}

/** The word to look up, and what happened; what a stopping worker writes there is short for a sentence. */
function lostWords(detail: string | null): string {
  return `lost (${detail === 'drained' ? 'ended because jobsched was stopped' : (detail ?? 'its worker is gone')})`;
}

/** A record of skipped slots may stand for many. */
function slots({ skipped }: Pick<RunView, 'skipped'>): string {
  if (skipped === null || skipped.count === 1) return '';
  return `${skipped.at_least ? 'at least ' : ''}${skipped.count} slots, `;
}
