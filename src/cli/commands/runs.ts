/** `jobsched runs`: runs of one job or of all, newest first. */
import type { Command } from 'commander';
import { countArgument, refuseAllAndSome } from '../options/arguments.ts';
import { addFormatOptions, addWatchOption, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { UsageError } from '../help/failure.ts';
import { duration } from '../format/duration.ts';
import { relative } from '../format/time.ts';
import { withExamples } from '../help/help.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import { addRunFilter, runFilter, type RunFilterFlags } from '../options/run-filter.ts';
import { runName, signAndStatus, statusPaint, whyWords } from '../run/run-words.ts';
import { withSession, type Session } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import type { RunView } from '../../client/client.ts';

interface RunsFlags extends ClientFlags, RunFilterFlags {
  readonly limit?: number;
  readonly all?: true;
}

const DEFAULT_LIMIT = 50;
/** The most that the server gives at once. */
const PAGE = 200;

export function runsCommand(): Command {
  const command = addRunFilter(clientCommand('runs').description('List the runs of a job, or of all, newest first.'))
    .argument('[job]', "only of this job: its name, its id, or the id's first characters")
    .option('--limit <number>', `at most so many (default: ${DEFAULT_LIMIT})`, countArgument)
    .option('--all', 'all of them');
  withExamples(command, [
    'jobsched runs nightly',
    'jobsched runs --status failed --since 24h',
    'jobsched runs --status running --watch',
    'jobsched runs nightly --all -o jsonl --fields number,status,duration_ms',
  ]);
  return addWatchOption(addFormatOptions(command)).action((job: string | undefined, flags: RunsFlags) => {
    refuseAllAndSome(flags);
    return withSession(flags, (session) => runs(session, job, flags));
  });
}

function runs(session: Session, job: string | undefined, flags: RunsFlags): Promise<number> {
  if (job !== undefined && flags.job !== undefined) throw new UsageError('the job is named twice, once by --job');
  const limit = flags.all ? Number.POSITIVE_INFINITY : (flags.limit ?? DEFAULT_LIMIT);
  const filter = runFilter(job === undefined ? flags : { ...flags, job }, session.moment());
  return showRows(session, {
    name: 'runs',
    ask: () => session.client.runs.all({ ...filter, limit: Math.min(limit + 1, PAGE) }),
    columns,
    id: ({ id }) => id,
    empty: Object.keys(filter).length > 0 ? 'no run matches' : 'no runs yet',
    limit,
  });
}

function columns({ paint, now }: RowsContext): readonly TableColumn<RunView>[] {
  return [
    { title: 'RUN', cell: runName, paint: () => paint.strong, least: 16, mostPadded: 40 },
    { title: 'STATE', cell: (run) => signAndStatus(run.status), paint: (run) => statusPaint(run.status, paint) },
    { title: 'WHEN', cell: (run) => relative(Math.min(Date.parse(run.started_at ?? run.created_at), now), now) },
    { title: 'TOOK', cell: (run) => (run.duration_ms === null ? '' : duration(run.duration_ms)), dispensable: 1 },
    { title: 'WORKER', cell: (run) => run.worker ?? '', least: 8, dispensable: 2 },
    { title: 'QUEUE', cell: (run) => run.queue, onlyWide: true },
    { title: 'BY', cell: (run) => run.trigger, onlyWide: true },
    { title: 'ID', cell: (run) => run.id, onlyWide: true },
    { title: 'WHY', cell: (run) => whyWords(run, now), least: 16, most: 80, dispensable: 3 },
  ];
}
