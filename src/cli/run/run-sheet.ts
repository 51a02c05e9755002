/** One run, for people: how it stands or ended, when, where, and each of its attempts if there were several. */
import { duration, roughDuration } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import { size } from '../format/size.ts';
import { fullTime, relative, type Moment } from '../format/time.ts';
import type { SheetContext } from '../job/job-sheet.ts';
import { reasonWords, runName, signAndStatus, statusPaint, waitingWords } from './run-words.ts';
import { formatSheet, type SheetLine } from '../print/sheet.ts';
import { formatTable } from '../print/table.ts';
import type { AttemptView, RunDetail } from '../../client/client.ts';
import { SECOND } from '../../domain/instant.ts';

const TRIGGERS: Readonly<Record<RunDetail['trigger'], string>> = {
  schedule: 'its schedule',
  submit: 'its submission',
  manual: 'hand',
  retry: 'hand, again',
};

/** @param lostAfterSeconds of its job, where it matters: how long a worker may be out of contact. */
export async function runSheet(
  run: RunDetail,
  context: SheetContext,
  lostAfterSeconds: number | null = null,
): Promise<string> {
  const { paint } = context;
  const state = statusPaint(run.status, paint)(escapeLine(signAndStatus(run.status)));
  const title = `${paint.strong(escapeLine(runName(run)))}  ${state}\n`;
  const attempts = run.attempts.length < 2 ? '' : `\n${await attemptTable(run.attempts, context)}`;
  return title + (await formatSheet(lines(run, context, lostAfterSeconds), context)) + attempts;
}

function lines(run: RunDetail, { moment }: SheetContext, lostAfterSeconds: number | null): readonly SheetLine[] {
  const time = (text: string | null): string | null => (text === null ? null : fullTime(Date.parse(text), moment));
  return [
    ['id', run.id],
    ['why', reasonWords(run)],
    ['waits for', run.waiting_for === null ? null : waitingWords(run, run.waiting_for, moment.now)],
    ['made by', TRIGGERS[run.trigger]],
    ['due', time(run.scheduled_for)],
    ['created', time(run.created_at)],
    ['started', time(run.started_at)],
    ['attempt', attemptWords(run, moment)],
    ['finished', time(run.finished_at)],
    ['took', run.duration_ms === null ? null : duration(run.duration_ms)],
    ['worker', run.worker],
    ['contact', contactWords(run, lostAfterSeconds, moment)],
    ['cancel', run.cancel_requested && run.status === 'running' ? 'asked for' : null],
    ['late', run.late ? 'yes' : null],
    ['exit code', run.exit_code === null ? null : String(run.exit_code)],
    ['signal', run.signal],
    ['left running', leftWords(run.attempts[0])],
    ['queue', run.priority === 0 ? run.queue : `${run.queue}, priority ${run.priority}`],
    ['output', `${size(run.output_bytes)}${run.output_truncated ? ', not all of it kept' : ''}`],
  ];
}

/** Who reads it wants to know what comes of it. */
function contactWords(run: RunDetail, lostAfterSeconds: number | null, moment: Moment): string | null {
  if (!run.contact_lost) return null;
  const worker = run.worker ?? 'its worker';
  if (run.contact_lost_at === null || lostAfterSeconds === null) return `no word from ${worker}`;
  const lost = Date.parse(run.contact_lost_at);
  const end = relative(lost + lostAfterSeconds * SECOND, moment.now);
  return `no word from ${worker}, noticed ${fullTime(lost, moment)}; unless it comes back, this attempt counts as lost ${end}`;
}

/** `2, since 2s`: a run that was retried started long before what runs now. */
function attemptWords({ attempt, status, attempts }: RunDetail, { now }: Moment): string | null {
  if (status !== 'running' || attempt < 2) return null;
  const newest = attempts[0];
  return newest === undefined
    ? String(attempt)
    : `${attempt}, since ${roughDuration(now - Date.parse(newest.started_at))}`;
}

/** `2 processes in the background`; null for none. */
function leftWords(attempt: AttemptView | undefined): string | null {
  if (attempt === undefined || attempt.left_running === 0) return null;
  const { left_running: left, status, reason } = attempt;
  const processes = left === 1 ? '1 process' : `${left} processes`;
  const wasTold = status === 'cancelled' || reason === 'timeout' || reason === 'lost';
  return `${processes} ${wasTold ? 'that could not be ended' : 'in the background'}`;
}

function attemptTable(attempts: readonly AttemptView[], { moment, paint, width }: SheetContext): Promise<string> {
  return formatTable<AttemptView>(
    [
      { title: '  ATTEMPT', cell: (attempt) => `  ${attempt.number}` },
      {
        title: 'STATE',
        cell: ({ status }) => signAndStatus(status),
        paint: ({ status }) => statusPaint(status, paint),
      },
      { title: 'WHEN', cell: ({ started_at: at }) => relative(Math.min(Date.parse(at), moment.now), moment.now) },
      { title: 'TOOK', cell: ({ duration_ms: took }) => (took === null ? '' : duration(took)) },
      { title: 'WORKER', cell: (attempt) => attempt.worker, least: 8, dispensable: 1 },
      { title: 'WHY', cell: (attempt) => reasonWords({ ...attempt, skipped: null }), least: 16, wraps: true },
    ],
    attempts,
    width,
    paint,
  );
}
