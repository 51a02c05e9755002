/** `jobsched delete`: removes jobs with all that is known of their runs. A person is asked first. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { canAsk, confirm } from '../targets/confirm.ts';
import { eachRef } from '../targets/each-ref.ts';
import { EXIT } from '../exit-code.ts';
import { requireAllowed } from '../targets/foreseen.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { actOnJobs } from '../targets/job-action.ts';
import { addJobFilter, jobFilter, type JobFilterFlags } from '../options/job-filter.ts';
import { jobName } from '../job/job-words.ts';
import { addManyOptions, namedOrMatching, type ManyFlags } from '../targets/many.ts';
import { isRunRef, namedJob } from '../targets/ref.ts';
import { withSession, type Session } from '../session.ts';
import { JobschedError, type JobView } from '../../client/client.ts';

interface DeleteFlags extends ClientFlags, JobFilterFlags, ManyFlags {
  readonly force?: true;
}

export function deleteCommand(): Command {
  const command = clientCommand('delete')
    .description(
      'Delete jobs, with their runs and what those wrote. On a terminal it asks first. Where there is none, as in a script, ' +
        'it deletes what is named, and wants --yes for what is chosen by flags.',
    )
    .argument('[job...]', "jobs by name, id, or the id's first characters");
  withExamples(command, [
    'jobsched delete nightly',
    'jobsched delete nightly weekly --yes',
    'jobsched delete nightly --force',
    'jobsched delete --type once --status succeeded --dry-run',
  ]);
  addManyOptions(addJobFilter(command), 'jobs').option('--force', 'also while it runs: what runs is cancelled');
  return addFormatOptions(command).action((refs: readonly string[], flags: DeleteFlags) =>
    withSession(flags, (session) =>
      namedOrMatching(refs, jobFilter(flags), flags) === 'named'
        ? deleteNamed(session, refs, flags)
        : actOnJobs(session, 'delete', 'deleted', flags),
    ),
  );
}

async function deleteNamed(session: Session, refs: readonly string[], flags: DeleteFlags): Promise<number> {
  const run = refs.find(isRunRef);
  if (run !== undefined) {
    throw new UsageError(`${run} is a run, and runs are not deleted`, 'They go with their job, or by its keep_runs.');
  }
  if (!flags.dryRun && !flags.yes && canAsk(session)) {
    await requireSome(session, refs);
    if (!(await confirm(session, `delete ${refs.join(', ')}?`))) {
      session.hint('nothing done');
      return EXIT.failure;
    }
  }
  return eachRef(session, refs, {
    ask: async (ref) => {
      const job = await namedJob(session.client, ref);
      await remove(session, job, flags);
      return job;
    },
    words: (job) => `${escapeLine(`${flags.dryRun ? 'would delete' : 'deleted'} ${jobName(job)}`)}\n`,
  });
}

/** Nobody is asked about jobs of which none is there. @throws JobschedError of the first. */
async function requireSome({ client }: Session, refs: readonly string[]): Promise<void> {
  let first: unknown = null;
  for (const ref of refs) {
    try {
      await namedJob(client, ref);
      return;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

/** @throws JobschedError `job_running` with the flag that goes past it. */
async function remove(session: Session, job: JobView, flags: DeleteFlags): Promise<void> {
  const force = flags.force === true;
  const { jobs } = session.client;
  try {
    if (flags.dryRun) await requireAllowed(jobs.bulk({ action: 'delete', ids: [job.id], force, dry_run: true }));
    else await jobs.delete(job.id, { force });
  } catch (error) {
    if (!(error instanceof JobschedError) || error.code !== 'job_running') throw error;
    const hint = `Wait for it, or cancel it as well: ${session.program()} delete ${jobName(job)} --force`;
    throw new JobschedError('job_running', error.message, { hint, cause: error });
  }
}
