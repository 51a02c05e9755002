/** `jobsched retry`: finished runs once more, each as a new run of its job. */
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
import { actOnMany, addManyOptions, namedOrMatching, type ManyFlags } from '../targets/many.ts';
import { latestRun } from '../targets/ref.ts';
import { madeSentence } from './run.ts';
import { runName } from '../run/run-words.ts';
import { addRunFilter, runFilter, type RunFilterFlags } from '../options/run-filter.ts';
import { withSession, type Session } from '../session.ts';
import { splitAtDashes, type Split } from '../options/typed-words.ts';
import type { Client, RunView } from '../../client/client.ts';

interface RetryFlags extends ClientFlags, RunFilterFlags, ManyFlags, FollowFlags, ChangeFlags {
  readonly force?: true;
  readonly sameVersion?: true;
}

export function retryCommand(): Command {
  const command = clientCommand('retry')
    .description(
      'Run finished runs again, each as a new run of its job as that is now. With changes each is run as a new job, made ' +
        'of the version that it executed.',
    )
    .argument('[ref...]', 'a run (nightly#42, or its id), or a job: its latest run; another command behind --');
  withExamples(command, [
    'jobsched retry nightly#42',
    'jobsched retry nightly --follow',
    'jobsched retry nightly#42 --env DEBUG=1 --follow',
    'jobsched retry --status failed --since 24h --dry-run',
  ]);
  addManyOptions(addRunFilter(addChangeOptions(addFollowOptions(command))), 'finished runs')
    .option('--force', 'although a run of the job is live and its overlap policy allows one')
    .option('--same-version', 'just as it was, however the job has been edited since: as a new job, like changes');
  return addFormatOptions(command).action((args: readonly string[], flags: RetryFlags) =>
    withSession(flags, (session) => retry(session, splitAtDashes(command, args), flags)),
  );
}

async function retry(session: Session, { refs, behind }: Split, flags: RetryFlags): Promise<number> {
  refuseTwoOutputs(session, flags);
  const changes = (await changesOf(session, flags, behind)) ?? (flags.sameVersion ? {} : null);
  const { client } = session;
  const filter = runFilter(flags, session.moment());
  const force = flags.force === true && { force: true };
  if (namedOrMatching(refs, filter, flags) === 'matching') {
    if (wantsEnd(flags)) throw new UsageError('--follow and --wait are for runs that are named');
    if (changes !== null) throw new UsageError('changes and --same-version are for runs that are named');
    const ask = (dryRun: boolean): ReturnType<typeof client.runs.bulk> =>
      client.runs.bulk({ action: 'retry', filter, dry_run: dryRun, ...force });
    return actOnMany(session, { verb: 'retry', done: 'retried', thing: 'run', ask }, flags);
  }
  if (flags.dryRun) {
    if (changes !== null) throw new UsageError('--dry-run does not foresee changes, nor --same-version');
    return foreseeNamed(session, refs, flags.force === true);
  }
  const one = (ref: string) => async (): Promise<number> => {
    const before = await latestRun(client, ref);
    const made = await (changes === null
      ? client.runs.retry(before.id, { ...force })
      : retryChanged(session, before, changes));
    return afterRun(session, made, flags, escapeLine(madeSentence(session, made, changes?.command)));
  };
  const codes: number[] = [];
  for (const ref of refs) codes.push(await (wantsEnd(flags) ? ownTroubleApart(session, one(ref)) : one(ref)()));
  return together(codes);
}

function foreseeNamed(session: Session, refs: readonly string[], force: boolean): Promise<number> {
  const { client } = session;
  return eachRef(session, refs, {
    ask: async (ref) => {
      const run = await latestRun(client, ref);
      await requireAllowed(client.runs.bulk({ action: 'retry', ids: [run.id], force, dry_run: true }));
      return run;
    },
    words: (run) => `${escapeLine(`would retry ${runName(run)}`)}\n`,
  });
}

async function retryChanged({ client }: Session, run: RunView, changes: Changes): Promise<RunView> {
  return client.runs.retry(run.id, {
    changes: changes.env ? withVariables(changes, await variablesOf(client, run)) : changes,
  });
}

/** What the run had; where it never began, what its job has. */
async function variablesOf(client: Client, { id, job_id: job }: RunView): Promise<Readonly<Record<string, string>>> {
  const [{ attempts }, versions] = await Promise.all([client.runs.get(id), client.jobs.versions(job)]);
  const executed = attempts[0]?.job_version ?? versions[0]?.version;
  return versions.find(({ version }) => version === executed)?.env ?? {};
}
