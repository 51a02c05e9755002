/** `jobsched stats`: numbers about everything. */
import type { Command } from 'commander';
import { addFormatOptions, addWatchOption, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { fullTime } from '../format/time.ts';
import { withExamples } from '../help/help.ts';
import type { SheetContext } from '../job/job-sheet.ts';
import { withSession } from '../session.ts';
import { formatSheet, type SheetLine } from '../print/sheet.ts';
import { show } from '../print/show.ts';
import type { StatsView } from '../../client/client.ts';

export function statsCommand(): Command {
  const command = clientCommand('stats').description(
    'Show how many jobs, runs and workers there are, and how they fare.',
  );
  withExamples(command, ['jobsched stats', 'jobsched stats --watch', 'jobsched stats -o json --fields runs.failed']);
  return addWatchOption(addFormatOptions(command)).action((flags: ClientFlags) =>
    withSession(flags, (session) => show(session, { ask: () => session.client.stats(), sheet })),
  );
}

function sheet(stats: StatsView, context: SheetContext): Promise<string> {
  const { jobs, runs, workers, late, lost, engine, version } = stats;
  const lines: readonly SheetLine[] = [
    ['jobs', counts(jobs)],
    ['runs', counts(runs)],
    ['workers', `${workers.alive}, ${workers.busy} of ${workers.slots} slots busy`],
    ['late', some({ 'started late': late.started, 'waiting and late': late.waiting, 'slots overdue': late.overdue })],
    ['lost', some({ jobs: lost.jobs, runs: lost.runs })],
    ['server', `jobsched ${version}, since ${fullTime(Date.parse(stats.started_at), context.moment)}`],
    ['data', engine],
    ['zone', stats.timezone],
  ];
  return formatSheet(lines, context);
}

const counts = (numbers: Readonly<Record<string, number>>): string =>
  Object.entries(numbers)
    .map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
    .join(', ');

/** Those that are not 0; null when all are. */
function some(numbers: Readonly<Record<string, number>>): string | null {
  const nonzero = Object.entries(numbers).filter(([, count]) => count > 0);
  return nonzero.length === 0 ? null : counts(Object.fromEntries(nonzero));
}
