/** Commands that do one thing to jobs that are named, or to all that match. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { eachRef } from './each-ref.ts';
import { escapeLine } from '../format/escape.ts';
import type { Moment } from '../format/time.ts';
import { withExamples } from '../help/help.ts';
import { jobName } from '../job/job-words.ts';
import { addJobFilter, jobFilter, type JobFilterFlags } from '../options/job-filter.ts';
import { actOnMany, addManyOptions, namedOrMatching, type ManyFlags } from './many.ts';
import { requireAllowed } from './foreseen.ts';
import { aboutJob } from './ref.ts';
import { withSession, type Session } from '../session.ts';
import type { BulkJobsBody, JobView } from '../../client/client.ts';

interface ActionFlags extends ClientFlags, JobFilterFlags, ManyFlags {}

export interface JobAction {
  readonly description: string;
  readonly examples: readonly string[];
  /** `paused`. */
  readonly done: string;
  readonly ask: (session: Session, ref: string) => Promise<JobView>;
  readonly words: (job: JobView, moment: Moment) => string;
}

/** @param action as the command and the API call it. */
export function jobAction(
  action: BulkJobsBody['action'],
  { description, examples, done, ask, words }: JobAction,
): Command {
  const command = clientCommand(action)
    .description(description)
    .argument('[job...]', "jobs by name, id, or the id's first characters");
  withExamples(command, examples);
  addManyOptions(addJobFilter(command), 'jobs');
  return addFormatOptions(command).action((refs: readonly string[], flags: ActionFlags) =>
    withSession(flags, (session) => {
      const filter = jobFilter(flags);
      if (namedOrMatching(refs, filter, flags) === 'matching') return actOnJobs(session, action, done, flags);
      return eachRef(session, refs, {
        ask: (ref) =>
          aboutJob(session.client, ref, () => (flags.dryRun ? foreseen(session, action, ref) : ask(session, ref))),
        words: (job) =>
          `${escapeLine(flags.dryRun ? `would ${action} ${jobName(job)}` : words(job, session.moment()))}\n`,
      });
    }),
  );
}

/** The job that it would be done to, which it is not. @throws JobschedError for what would be refused. */
async function foreseen({ client }: Session, action: BulkJobsBody['action'], ref: string): Promise<JobView> {
  await requireAllowed(client.jobs.bulk({ action, ids: [ref], dry_run: true }));
  return client.jobs.get(ref);
}

interface ForceFlags extends ManyFlags, JobFilterFlags {
  readonly force?: true;
}

/** @param done what is said of it afterwards: `paused 3 jobs`. */
export function actOnJobs(
  session: Session,
  action: BulkJobsBody['action'],
  done: string,
  flags: ForceFlags,
): Promise<number> {
  const { force = false } = flags;
  const ask = (dryRun: boolean): ReturnType<Session['client']['jobs']['bulk']> =>
    session.client.jobs.bulk({ action, filter: jobFilter(flags), dry_run: dryRun, ...(force && { force }) });
  return actOnMany(session, { verb: action, done, thing: 'job', ask }, flags);
}
