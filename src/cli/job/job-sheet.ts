/** One job, for people: what it is, when it comes, how its last runs went. Defaults are left out. */
import { fullTime, relative, type Moment } from '../format/time.ts';
import { duration } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import { jobName, nextSentence, scheduleWords } from './job-words.ts';
import type { Paint } from '../print/paint.ts';
import { signAndStatus, statusPaint, whyWords } from '../run/run-words.ts';
import { formatSheet, type SheetLine } from '../print/sheet.ts';
import { formatTable } from '../print/table.ts';
import type { JobView, RunView } from '../../client/client.ts';
import { SECOND } from '../../domain/instant.ts';
import { COMMON_DEFAULTS, CRON_DEFAULTS } from '../../domain/job.ts';

export interface SheetContext {
  readonly moment: Moment;
  readonly paint: Paint;
  /** The terminal's, in columns; `Infinity` is no edge. */
  readonly width: number;
}

export async function jobSheet(job: JobView, runs: readonly RunView[], context: SheetContext): Promise<string> {
  const { paint } = context;
  const title = `${paint.strong(escapeLine(jobName(job)))}  ${statusPaint(job.status, paint)(escapeLine(job.status))}\n`;
  const sheet = await formatSheet([...mainLines(job, context.moment), ...otherLines(job)], context);
  return title + sheet + (runs.length === 0 ? '' : `\n${await runTable(runs, context)}`);
}

function mainLines(job: JobView, moment: Moment): readonly SheetLine[] {
  const words = scheduleWords(job);
  return [
    ['id', job.id],
    ['description', job.description],
    ['command', job.command],
    ['schedule', job.type === 'once' ? null : `${words} (${job.schedule}) in ${job.timezone ?? 'UTC'}`],
    ['next', nextSentence(job, moment)],
    ['queue', job.priority === 0 ? job.queue : `${job.queue}, priority ${job.priority}`],
    ['tags', job.tags.join(', ')],
    ['created', fullTime(Date.parse(job.created_at), moment)],
    ['version', job.version === 1 ? null : `${job.version}, edited ${fullTime(Date.parse(job.updated_at), moment)}`],
  ];
}

/** What somebody chose otherwise than the default. */
function otherLines(job: JobView): readonly SheetLine[] {
  const seconds = (count: number | null): string | null => (count === null ? null : duration(count * SECOND));
  const chosen = <Value>(value: Value, standard: Value, words: string | null): string | null =>
    value === standard ? null : words;
  return [
    ['overlap', chosen<string>(job.overlap, COMMON_DEFAULTS.overlap, job.overlap)],
    ['misfire', chosen<string | null>(job.misfire, job.type === 'cron' ? CRON_DEFAULTS.misfire : null, job.misfire)],
    ['timeout', seconds(job.timeout_seconds)],
    ['retries', job.retries === 0 ? null : retryWords(job)],
    ['working dir', job.cwd],
    ['shell', chosen<string>(job.shell, COMMON_DEFAULTS.shell, job.shell)],
    ['environment', Object.keys(job.env).join(', ')],
    ['stdin', job.stdin === null ? null : `${Buffer.byteLength(job.stdin)} bytes`],
  ];
}

function retryWords({ retries, retry_backoff: backoff, retry_delay_seconds: delay }: JobView): string {
  return `${retries}, ${backoff === 'fixed' ? 'each' : 'the first'} after ${duration(delay * SECOND)}`;
}

function runTable(runs: readonly RunView[], { moment, paint, width }: SheetContext): Promise<string> {
  const began = (run: RunView): number => Date.parse(run.started_at ?? run.created_at);
  return formatTable<RunView>(
    [
      { title: '  RUN', cell: (run) => `  #${run.number}` },
      { title: 'STATE', cell: (run) => signAndStatus(run.status), paint: (run) => statusPaint(run.status, paint) },
      { title: 'WHEN', cell: (run) => relative(Math.min(began(run), moment.now), moment.now) },
      { title: 'TOOK', cell: (run) => (run.duration_ms === null ? '' : duration(run.duration_ms)) },
      { title: 'WORKER', cell: (run) => run.worker ?? '', least: 8, dispensable: 1 },
      { title: 'WHY', cell: (run) => whyWords(run, moment.now), least: 16, wraps: true },
    ],
    runs,
    width,
    paint,
  );
}
