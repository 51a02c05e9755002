/** `jobsched run`: a run of a job now, whatever its schedule says. */
import type { Command } from 'commander';
import { addFollowOptions, afterRun, refuseTwoOutputs, wantsEnd, type FollowFlags } from '../run/after-run.ts';
import { addChangeOptions, changesOf, withVariables, type ChangeFlags, type Changes } from '../options/changes.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { eachRef, together } from '../targets/each-ref.ts';
import { requireAllowed } from '../targets/foreseen.ts';
import { UsageError } from '../help/failure.ts';
import { ownTroubleApart } from '../run/follow.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { actOnJobs } from '../targets/job-action.ts';
import { addJobFilter, jobFilter, type JobFilterFlags } from '../options/job-filter.ts';
import { addManyOptions, namedOrMatching, type ManyFlags } from '../targets/many.ts';
import { aboutJob, namedJob } from '../targets/ref.ts';
import { jobName } from '../job/job-words.ts';
import { runName } from '../run/run-words.ts';
import { withSession, type Session } from '../session.ts';
import { splitAtDashes, type Split } from '../options/typed-words.ts';
import { JobschedError, type RunView } from '../../client/client.ts';

interface RunFlags extends ClientFlags, JobFilterFlags, ManyFlags, FollowFlags, ChangeFlags {
  readonly force?: true;
}

export function runCommand(): Command {
  const command = clientCommand('run')
    .description(
      'Run jobs now, whatever their schedules say. With changes each is run as a new job, which the runs of the job itself ' +
        'and its schedule know nothing of; its description says where it comes from, unless the changes give one.',
    )
    .argument('[job...]', "jobs by name, id, or the id's first characters; another command behind --");
  withExamples(command, [
    'jobsched run nightly',
    'jobsched run nightly --follow',
    'jobsched run nightly --wait && echo done',
    'jobsched run nightly --env DEBUG=1 --follow',
    'jobsched run nightly -- ./backup.sh --only home',
    'jobsched run --tag reports',
  ]);
  addManyOptions(addJobFilter(addChangeOptions(addFollowOptions(command))), 'jobs').option(
    '--force',
    'although a run is live and the overlap policy allows one',
  );
  return addFormatOptions(command).action((args: readonly string[], flags: RunFlags) =>
    withSession(flags, (session) => run(session, splitAtDashes(command, args), flags)),
  );
}

async function run(session: Session, { refs, behind }: Split, flags: RunFlags): Promise<number> {
  refuseTwoOutputs(session, flags);
  const changes = await changesOf(session, flags, behind);
  if (namedOrMatching(refs, jobFilter(flags), flags) === 'matching') {
    if (wantsEnd(flags)) throw new UsageError('--follow and --wait are for jobs that are named');
    if (changes !== null) throw new UsageError('changes are for jobs that are named');
    return actOnJobs(session, 'run', 'started', flags);
  }
  if (flags.dryRun) {
    if (changes !== null) throw new UsageError('--dry-run does not foresee changes');
    return foreseeNamed(session, refs, flags.force === true);
  }
  const one = (ref: string) => async (): Promise<number> => {
    const made = await (changes === null
      ? trigger(session, ref, flags.force === true)
      : runChanged(session, ref, changes));
    return afterRun(session, made, flags, escapeLine(madeSentence(session, made, changes?.command)));
  };
  const codes: number[] = [];
  for (const ref of refs) codes.push(await (wantsEnd(flags) ? ownTroubleApart(session, one(ref)) : one(ref)()));
  return together(codes);
}

function foreseeNamed(session: Session, refs: readonly string[], force: boolean): Promise<number> {
  const { jobs } = session.client;
  return eachRef(session, refs, {
    ask: async (ref) => {
      const job = await namedJob(session.client, ref);
      const steps = jobs.bulk({ action: 'run', ids: [job.id], force, dry_run: true });
      await unlessLive(session, ref, () => requireAllowed(steps));
      return job;
    },
    words: (job) => `${escapeLine(`would run ${jobName(job)}`)}\n`,
  });
}

function trigger(session: Session, ref: string, force: boolean): Promise<RunView> {
  const { client } = session;
  return unlessLive(session, ref, () => aboutJob(client, ref, () => client.jobs.run(ref, force ? { force } : {})));
}

/** @throws JobschedError `overlap` with the flag that goes past it. */
async function unlessLive<Reply>({ program }: Session, ref: string, ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof JobschedError) || error.code !== 'overlap') throw error;
    const hint = `Wait for it, or run it all the same: ${program()} run ${ref} --force`;
    throw new JobschedError('overlap', error.message, { hint, cause: error });
  }
}

async function runChanged({ client }: Session, ref: string, changes: Changes): Promise<RunView> {
  const job = await namedJob(client, ref);
  return client.jobs.run(job.id, { changes: withVariables(changes, job.env) });
}

/** `queued nightly#43 · follow it: …`. @param command another one than its job has. */
export function madeSentence(session: Session, run: RunView, command?: string): string {
  const name = runName(run);
  const queued = command === undefined ? `queued ${name}` : `queued ${name}, which runs ${command}`;
  return session.err.isTTY ? `${queued} · follow it: ${session.program()} logs -f ${name}` : queued;
}
