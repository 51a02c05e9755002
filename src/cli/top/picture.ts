/** A snapshot as a screen: a headline, and parts that share the height that there is. */
import type { QueueView, RunView, WorkerView } from '../../client/client.ts';
import { duration, roughDuration } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import { fitColumns } from '../format/fit.ts';
import { age, clockTime, type Moment } from '../format/time.ts';
import type { Paint } from '../paint.ts';
import { reasonWords, runName } from '../run-words.ts';
import { formatTable, type TableColumn } from '../table.ts';
import { begun, type Snapshot } from './snapshot.ts';

export interface Frame {
  readonly width: number;
  /** Infinity: as many lines as it takes. */
  readonly height: number;
  readonly paint: Paint;
  readonly moment: Moment;
  /** Whom it is about. */
  readonly title: string;
}

const HEADLINES = 2;

/** Lines, each with its line feed. */
export async function picture(now: Snapshot, frame: Frame): Promise<string> {
  const { paint, moment, height } = frame;
  const parts = [
    await part('RUNNING', now.stats.runs.running, now.running, runningColumns(frame), frame),
    await part('QUEUES', now.queues.length, now.queues, queueColumns(frame), frame),
    await part('WORKERS', now.workers.length, now.workers, workerColumns(frame), frame),
    await part('FAILED', now.stats.runs.failed, now.failed, failedColumns(frame), frame),
  ];
  const heights = share(
    parts.map((lines) => lines.length),
    height - HEADLINES - 1,
  );
  const shown = parts.map((lines, index) => shorten(lines, heights[index] ?? 0, paint).join(''));
  const headline = `${paint.strong(escapeLine(frame.title))} · ${clockTime(moment.now, moment)}\n`;
  return `${headline}${paint.quiet(numbers(now))}\n\n${shown.join('\n')}`;
}

/** A part with fewer lines than for its title, the names of its columns, a row and how many are missing, is its title alone. */
const LEAST_LINES = 4;
/** Which parts become titles where there is little room: of what there is least to say first. */
const SHORTENED = [2, 1, 3, 0];

/** @param wanted how many lines each part would fill. @returns how many each gets, with a blank line between them. */
function share(wanted: readonly number[], room: number): readonly number[] {
  for (let titles = 0; ; titles += 1) {
    const isTitle = new Set(SHORTENED.slice(0, titles));
    const heights = fitColumns(
      wanted.map((lines, part) => {
        const natural = isTitle.has(part) ? 1 : lines;
        return { natural, least: Math.min(natural, LEAST_LINES) };
      }),
      room,
      1,
    );
    const taken = heights.reduce((sum, lines) => sum + lines + 1, -1);
    if (taken <= room || titles === wanted.length) return heights;
  }
}

function numbers({ stats: { jobs, runs, workers, late } }: Snapshot): string {
  const words = [
    `${count(runs.running)} of ${count(workers.slots)} slots busy`,
    `${count(runs.pending)} waiting`,
    `${count(jobs.scheduled)} schedules`,
    ...(jobs.paused > 0 ? [`${count(jobs.paused)} paused`] : []),
    ...(late.waiting > 0 ? [`${count(late.waiting)} late`] : []),
    ...(late.overdue > 0 ? [`${count(late.overdue)} overdue`] : []),
  ];
  return words.join(' · ');
}

const count = (number: number): string => number.toLocaleString('en');

async function part<Row>(
  title: string,
  total: number,
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { width, paint }: Frame,
): Promise<readonly string[]> {
  const head = `${paint.strong(title)} ${count(total)}\n`;
  if (rows.length === 0) return [head];
  const table = await formatTable(columns, rows, width, paint);
  return [head, ...table.split(/(?<=\n)/)];
}

/** The first of the lines, and how many rows are missing; where there is no room for a row, the title alone. */
function shorten(lines: readonly string[], height: number, paint: Paint): readonly string[] {
  if (lines.length <= height) return lines;
  if (height < LEAST_LINES) return lines.slice(0, 1);
  const kept = lines.slice(0, height - 1);
  return [...kept, `${paint.quiet(`… ${lines.length - kept.length} more`)}\n`];
}

function runningColumns({ paint, moment: { now } }: Frame): readonly TableColumn<RunView>[] {
  return [
    { title: 'RUN', cell: runName, paint: () => paint.busy, least: 16 },
    { title: 'FOR', cell: (run) => roughDuration(Math.max(0, now - begun(run))) },
    { title: 'ATTEMPT', cell: ({ attempt }) => String(attempt), dispensable: 2 },
    { title: 'WORKER', cell: ({ worker }) => worker ?? '', least: 8 },
    { title: 'QUEUE', cell: ({ queue }) => queue, least: 8, dispensable: 1 },
  ];
}

function queueColumns({ paint }: Frame): readonly TableColumn<QueueView>[] {
  return [
    { title: 'QUEUE', cell: ({ name }) => name, least: 16 },
    { title: 'WAIT', cell: ({ queued }) => count(queued) },
    { title: 'RUN', cell: ({ running, max_running: most }) => `${running}${most === null ? '' : ` of ${most}`}` },
    {
      title: 'WORKERS',
      cell: ({ workers }) => String(workers),
      paint: ({ workers }) => (workers === 0 ? paint.bad : String),
    },
    { title: '', cell: ({ paused }) => (paused ? 'paused' : ''), paint: () => paint.waiting, dispensable: 1 },
  ];
}

function workerColumns({ paint, moment: { now } }: Frame): readonly TableColumn<WorkerView>[] {
  return [
    { title: 'WORKER', cell: ({ name }) => name, least: 16 },
    { title: 'BUSY', cell: ({ running, concurrency }) => `${running} of ${concurrency}` },
    { title: 'QUEUES', cell: ({ queues }) => queues.join(', '), least: 8, dispensable: 1 },
    { title: 'SEEN', cell: (worker) => age(Date.parse(worker.last_seen_at), now), dispensable: 2 },
    {
      title: '',
      cell: ({ state }) => (state === 'active' ? '' : state),
      paint: () => paint.waiting,
      dispensable: 3,
    },
  ];
}

function failedColumns({ paint, moment: { now } }: Frame): readonly TableColumn<RunView>[] {
  return [
    { title: 'RUN', cell: runName, paint: () => paint.bad, least: 16 },
    { title: 'AGO', cell: (run) => age(Date.parse(run.finished_at ?? run.created_at), now) },
    { title: 'TOOK', cell: (run) => (run.duration_ms === null ? '' : duration(run.duration_ms)), dispensable: 1 },
    { title: 'WORKER', cell: ({ worker }) => worker ?? '', least: 8, dispensable: 2 },
    { title: 'WHY', cell: reasonWords, least: 8 },
  ];
}
