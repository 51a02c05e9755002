/** `jobsched list`: the jobs, newest first. */
import { Option, type Command } from 'commander';
import { countArgument, listArgument } from './arguments.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { withExamples } from './help.ts';
import { idLine } from './id-line.ts';
import { jobName, lastWords, nextWords, scheduleWords } from './job-words.ts';
import { json } from './json.ts';
import { statusPaint } from './run-words.ts';
import { withSession, type Session } from './session.ts';
import { formatTable, type TableColumn } from './table.ts';
import { widthOf } from './terminal.ts';
import type { JobFilter, JobView } from '../client/client.ts';
import type { JobStatus } from '../domain/job.ts';

interface ListFlags extends ClientFlags {
  readonly status?: readonly string[];
  readonly type?: 'once' | 'cron';
  readonly queue?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly limit?: number;
  readonly all?: true;
}

const DEFAULT_LIMIT = 50;
/** The most that the server gives at once. */
const PAGE = 200;

export function listCommand(): Command {
  const command = clientCommand('list')
    .description('List the jobs, newest first.')
    .option('--status <status>', 'only these, separated by commas: scheduled, paused, running, failed, …', listArgument)
    .addOption(new Option('--type <type>', 'only this kind').choices(['once', 'cron']))
    .option('--queue <queue>', 'only of this queue')
    .option('--tag <tag>', 'only with this tag')
    .option('--search <text>', 'only with this in the name, the command or the description')
    .option('--limit <number>', `at most so many (default: ${DEFAULT_LIMIT})`, countArgument)
    .option('--all', 'all of them');
  withExamples(command, [
    'jobsched list',
    'jobsched list --status failed,running',
    'jobsched list --type cron --search backup',
    "jobsched list --all -o json | jq -r '.jobs[].name'",
  ]);
  return addFormatOptions(command).action((flags: ListFlags) => withSession(flags, (session) => list(session, flags)));
}

async function list(session: Session, flags: ListFlags): Promise<number> {
  const limit = flags.all ? Number.POSITIVE_INFINITY : (flags.limit ?? DEFAULT_LIMIT);
  const { jobs, more } = await collect(session, filterOf(flags), limit);
  if (session.format === 'json') session.out.write(json({ jobs, more }));
  else if (session.format === 'id') session.out.write(jobs.map(idLine).join(''));
  else if (jobs.length === 0) session.hint(emptyWords(session, flags));
  else session.out.write(await jobTable(session, jobs));
  if (more && session.format !== 'json') session.hint(`the newest ${limit} · --all shows the others`);
  return EXIT.ok;
}

function filterOf({ status, type, queue, tag, search }: ListFlags): JobFilter {
  return {
    ...(status && { status: [...status] as JobStatus[] }),
    ...(type && { type }),
    ...(queue !== undefined && { queue }),
    ...(tag !== undefined && { tag }),
    ...(search !== undefined && { q: search }),
  };
}

/** One more than wanted is looked for, to know whether there are more. */
async function collect(
  session: Session,
  filter: JobFilter,
  limit: number,
): Promise<{ readonly jobs: readonly JobView[]; readonly more: boolean }> {
  const jobs: JobView[] = [];
  for await (const job of session.client.jobs.all({ ...filter, limit: Math.min(limit + 1, PAGE) })) {
    if (jobs.length === limit) return { jobs, more: true };
    jobs.push(job);
  }
  return { jobs, more: false };
}

/** An empty list teaches one command. */
function emptyWords(session: Session, flags: ListFlags): string {
  const filtered = Object.keys(filterOf(flags)).length > 0;
  const tryThis = `${session.program()} ${filtered ? 'list' : 'submit --follow -- echo hello'}`;
  return `${filtered ? 'no job matches' : 'no jobs yet'} · try: ${tryThis}`;
}

async function jobTable(session: Session, jobs: readonly JobView[]): Promise<string> {
  const paint = await session.paintFor(session.out);
  const { now } = session.moment();
  const columns: readonly TableColumn<JobView>[] = [
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
    { title: 'COMMAND', cell: (job) => job.command, paint: () => paint.quiet, least: 7, most: 80, dispensable: 4 },
  ];
  return formatTable(columns, jobs, widthOf(session.out), paint);
}
