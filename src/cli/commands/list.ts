/** `jobsched list`: the jobs, newest first. */
import type { Command } from 'commander';
import { countArgument, refuseAllAndSome } from '../options/arguments.ts';
import { addFormatOptions, addWatchOption, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { withExamples } from '../help/help.ts';
import { addJobFilter, jobFilter, type JobFilterFlags } from '../options/job-filter.ts';
import { jobName, lastWords, nextWords, scheduleWords } from '../job/job-words.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import { statusPaint } from '../run/run-words.ts';
import { withSession, type Session } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import type { JobView } from '../../client/client.ts';

interface ListFlags extends ClientFlags, JobFilterFlags {
  readonly limit?: number;
  readonly all?: true;
}

const DEFAULT_LIMIT = 50;
/** The most that the server gives at once. */
const PAGE = 200;

export function listCommand(): Command {
  const command = addJobFilter(clientCommand('list').description('List the jobs, newest first.'))
    .option('--limit <number>', `at most so many (default: ${DEFAULT_LIMIT})`, countArgument)
    .option('--all', 'all of them');
  withExamples(command, [
    'jobsched list',
    'jobsched list --status failed,running',
    'jobsched list --type cron --search backup',
    'jobsched list --watch',
    "jobsched list --all -o json | jq -r '.jobs[].name'",
  ]);
  return addWatchOption(addFormatOptions(command)).action((flags: ListFlags) => {
    refuseAllAndSome(flags);
    return withSession(flags, (session) => list(session, flags));
  });
}

function list(session: Session, flags: ListFlags): Promise<number> {
  const limit = flags.all ? Number.POSITIVE_INFINITY : (flags.limit ?? DEFAULT_LIMIT);
  const filter = jobFilter(flags);
  return showRows(session, {
    name: 'jobs',
    ask: () => session.client.jobs.all({ ...filter, limit: Math.min(limit + 1, PAGE) }),
    columns,
    id: ({ id }) => id,
    empty: () => emptyWords(session, Object.keys(filter).length > 0),
    limit,
  });
}

/** An empty list teaches one command, of those that the server takes. */
async function emptyWords(session: Session, isFiltered: boolean): Promise<string> {
  if (!isFiltered && (await isReadOnly(session))) return 'no jobs yet';
  const tryThis = `${session.program()} ${isFiltered ? 'list' : 'submit --follow -- echo hello'}`;
  return `${isFiltered ? 'no job matches' : 'no jobs yet'} · try: ${tryThis}`;
}

async function isReadOnly({ client }: Session): Promise<boolean> {
  const { read_only: isReadOnlyServer } = await client.whoami().catch(() => ({ read_only: false }));
  return isReadOnlyServer;
}

function columns({ paint, now }: RowsContext): readonly TableColumn<JobView>[] {
  return [
    { title: 'NAME', cell: jobName, paint: () => paint.strong, least: 16, mostPadded: 40 },
    { title: 'SCHEDULE', cell: scheduleWords, least: 10, most: 40, dispensable: 3 },
    { title: 'NEXT', cell: (job) => nextWords(job, now), dispensable: 1 },
    {
      title: 'LAST',
      cell: (job) => lastWords(job, now),
      paint: (job) => statusPaint(job.last_run?.status ?? '', paint),
      dispensable: 2,
    },
    { title: 'STATE', cell: (job) => job.status, paint: (job) => statusPaint(job.status, paint) },
    { title: 'QUEUE', cell: (job) => job.queue, onlyWide: true },
    { title: 'TAGS', cell: (job) => job.tags.join(','), onlyWide: true },
    { title: 'ID', cell: (job) => job.id, onlyWide: true },
    { title: 'COMMAND', cell: (job) => job.command, paint: () => paint.quiet, least: 7, most: 80, dispensable: 4 },
  ];
}
