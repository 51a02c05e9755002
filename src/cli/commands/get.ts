/** `jobsched get`: jobs and runs, one by one. */
import type { Command } from 'commander';
import { addFormatOptions, addWatchOption, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { withExamples } from '../help/help.ts';
import { eachRef } from '../targets/each-ref.ts';
import { jobSheet } from '../job/job-sheet.ts';
import { isRunRef, namedJob, namedRun } from '../targets/ref.ts';
import { runSheet } from '../run/run-sheet.ts';
import { withSession, type Session } from '../session.ts';
import { sheetOf, show, type Shown } from '../print/show.ts';
import type { JobView, RunDetail } from '../../client/client.ts';

/** How many of a job's runs are shown with it. */
const RUNS_SHOWN = 5;

export function getCommand(): Command {
  const command = clientCommand('get')
    .description('Show jobs and runs.')
    .argument('<ref...>', "a job (name, id, or the id's first characters) or a run (nightly#42, or its id)");
  withExamples(command, [
    'jobsched get nightly',
    'jobsched get nightly#42',
    'jobsched get nightly -o yaml',
    'jobsched get nightly --fields status,last_run.status',
    'jobsched get nightly --watch',
  ]);
  return addWatchOption(addFormatOptions(command)).action((refs: readonly string[], flags: ClientFlags) =>
    withSession(flags, (session) => get(session, refs)),
  );
}

async function get(session: Session, refs: readonly string[]): Promise<number> {
  const [first = '', ...more] = refs;
  if (more.length === 0) {
    return show(session, { ask: () => find(session, first), sheet: sheet(session) });
  }
  if (session.watches) throw new UsageError('--watch shows one thing');
  let count = 0;
  return eachRef(session, refs, {
    ask: (ref) => find(session, ref),
    words: async (found) => {
      count += 1;
      return (count === 1 ? '' : '\n') + (await sheetOf(session, found, sheet(session)));
    },
    exitCode: () => EXIT.ok,
  });
}

function find({ client }: Session, ref: string): Promise<JobView | RunDetail> {
  return isRunRef(ref) ? namedRun(client, ref) : namedJob(client, ref);
}

const sheet =
  (session: Session): Shown<JobView | RunDetail>['sheet'] =>
  async (found, context) => {
    if ('job_id' in found) return runSheet(found, context, await lostAfter(session, found));
    const { rows } = await session.client.runs.list({ job: found.id, limit: RUNS_SHOWN });
    return jobSheet(found, rows, context);
  };

/** Asked for only of a run whose worker is out of contact; null when its job has gone meanwhile. */
async function lostAfter({ client }: Session, run: RunDetail): Promise<number | null> {
  if (!run.contact_lost) return null;
  const { lost_after_seconds: seconds } = await client.jobs.get(run.job_id).catch(() => ({ lost_after_seconds: null }));
  return seconds;
}
