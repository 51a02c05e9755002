/** A snapshot as a screen: a headline, and parts that share the height that there is. */
import type { QueueView, RunView, WorkerView } from '../../client/client.ts';
import { duration, roughDuration } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import { fitColumns } from '../format/fit.ts';
import { age, clockTime } from '../format/time.ts';
import type { Paint } from '../print/paint.ts';
import { reasonWords, runName } from '../run/run-words.ts';
import { formatTable, type TableColumn } from '../print/table.ts';
import type { Frame } from './frame.ts';
import { begun, type Snapshot } from './snapshot.ts';

/** What somebody at a terminal does. */
export interface PictureUse {
  /** The id of the run that is chosen. */
  readonly chosen: string | null;
  /** Whether something is left out, so that the server's numbers are not those of what is shown. */
  readonly isFiltered: boolean;
  /** A line about what was typed. */
  readonly prompt: string;
}

const HEADLINES = 2;

/** Lines, each with its line feed. @param use null where nobody can type. */
export async function picture(now: Snapshot, frame: Frame, use: PictureUse | null = null): Promise<string> {
  const { paint, moment, height } = frame;
  const { stats, running, queues, workers, failed } = now;
  const totals = use?.isFiltered === true ? null : stats.runs;
  const isChosen = ({ id }: RunView): boolean => id === use?.chosen;
  const parts = [
    await part('RUNNING', totals?.running ?? running.length, running, runningColumns(frame, isChosen), frame),
    await part('QUEUES', queues.length, queues, queueColumns(frame), frame),
    await part('WORKERS', workers.length, workers, workerColumns(frame), frame),
    await part('FAILED', totals?.failed ?? failed.length, failed, failedColumns(frame, isChosen), frame),
  ];
  const inFailed = failed.findIndex(isChosen);
  const heights = share(
    parts.map((lines) => lines.length),
    height - HEADLINES - 1,
    inFailed < 0 ? SHORTENED : SHORTENED_IN_FAILED,
  );
  const inView = [running.findIndex(isChosen), 0, 0, inFailed];
  const shown = parts.map((lines, index) => shorten(lines, heights[index] ?? 0, inView[index] ?? 0, paint).join(''));
  const help = use === null ? '' : paint.quiet(' · ? shows the keys');
  const headline = `${paint.strong(escapeLine(frame.title))} · ${clockTime(moment.now, moment)}${help}\n`;
  return `${headline}${paint.quiet(numbers(now))}\n${use?.prompt ?? ''}\n${shown.join('\n')}`;
}

/** A part with fewer lines than for its title, the names of its columns, a row and how many are missing, is its title alone. */
const LEAST_LINES = 4;
/** Which parts become titles where there is little room: of what there is least to say first. */
const SHORTENED = [2, 1, 3, 0];
/** While a run that failed is chosen. */
const SHORTENED_IN_FAILED = [2, 1, 0, 3];

/** @param wanted how many lines each part would fill. @returns how many each gets, with a blank line between them. */
function share(wanted: readonly number[], room: number, shortened: readonly number[]): readonly number[] {
  for (let titles = 0; ; titles += 1) {
    const isTitle = new Set(shortened.slice(0, titles));
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
    `${count(runs.running > workers.slots ? workers.busy : runs.running)} of ${count(workers.slots)} slots busy`,
    `${count(runs.pending)} waiting`,
    `${count(jobs.scheduled)} ${jobs.scheduled === 1 ? 'schedule' : 'schedules'}`,
    ...(jobs.paused > 0 ? [`${count(jobs.paused)} paused`] : []),
    ...(late.waiting > 0 ? [`${count(late.waiting)} late`] : []),
    ...(late.overdue > 0 ? [`${count(late.overdue)} overdue`] : []),
  ];
  return words.join(' · ');
}

/** Escaped, since it is whatever the server calls a number. */
const count = (number: number): string => escapeLine(number.toLocaleString('en'));

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

/**
 * As many rows as there is room for, and how many are missing; where there is no room for one, the title alone.
 *
 * @param inView which row is among them: the first ones are, unless it comes later.
 */
function shorten(lines: readonly string[], height: number, inView: number, paint: Paint): readonly string[] {
  if (lines.length <= height) return lines;
  if (height < LEAST_LINES) return lines.slice(0, 1);
  const [title = '', header = '', ...rows] = lines;
  const room = height - 3;
  const from = Math.max(0, inView - room + 1);
  return [title, header, ...rows.slice(from, from + room), `${paint.quiet(`… ${rows.length - room} more`)}\n`];
}

/** A run's name, and a mark behind that of the chosen one. */
function nameColumn(isChosen: (run: RunView) => boolean, brush: Paint['bad'], paint: Paint): TableColumn<RunView> {
  return {
    title: 'RUN',
    cell: (run) => `${runName(run)}${isChosen(run) ? ' ◂' : ''}`,
    paint: (run) => (isChosen(run) ? (text) => paint.strong(brush(text)) : brush),
    least: 16,
  };
}

function runningColumns(
  { paint, moment: { now } }: Frame,
  isChosen: (run: RunView) => boolean,
): readonly TableColumn<RunView>[] {
  return [
    nameColumn(isChosen, paint.busy, paint),
    { title: 'STARTED', cell: (run) => `${roughDuration(Math.max(0, now - begun(run)))} ago` },
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

function failedColumns(
  { paint, moment: { now } }: Frame,
  isChosen: (run: RunView) => boolean,
): readonly TableColumn<RunView>[] {
  return [
    nameColumn(isChosen, paint.bad, paint),
    { title: 'AGO', cell: (run) => age(Date.parse(run.finished_at ?? run.created_at), now) },
    { title: 'TOOK', cell: (run) => (run.duration_ms === null ? '' : duration(run.duration_ms)), dispensable: 1 },
    { title: 'WORKER', cell: ({ worker }) => worker ?? '', least: 8, dispensable: 2 },
    { title: 'WHY', cell: reasonWords, least: 8 },
  ];
}
