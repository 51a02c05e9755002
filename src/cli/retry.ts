/** `jobsched retry`: finished runs once more, each as a new run of its job. */
import type { Command } from 'commander';
import { addFollowOptions, afterRun, refuseTwoOutputs, wantsEnd, type FollowFlags } from './after-run.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { together } from './each-ref.ts';
import { UsageError } from './failure.ts';
import { ownTroubleApart } from './follow.ts';
import { escapeLine } from './format/escape.ts';
import { withExamples } from './help.ts';
import { actOnMany, addManyOptions, namedOrMatching, type ManyFlags } from './many.ts';
import { latestRun } from './ref.ts';
import { madeSentence } from './run.ts';
import { addRunFilter, runFilter, type RunFilterFlags } from './run-filter.ts';
import { withSession, type Session } from './session.ts';

interface RetryFlags extends ClientFlags, RunFilterFlags, ManyFlags, FollowFlags {
  readonly force?: true;
}

export function retryCommand(): Command {
  const command = clientCommand('retry')
    .description('Run finished runs again, each as a new run of its job.')
    .argument('[ref...]', 'a run (nightly#42, or its id), or a job: its latest run');
  withExamples(command, [
    'jobsched retry nightly#42',
    'jobsched retry nightly --follow',
    'jobsched retry --status failed --since 24h --dry-run',
  ]);
  addManyOptions(addRunFilter(addFollowOptions(command)), 'finished runs').option(
    '--force',
    'although a run of the job is live and its overlap policy allows one',
  );
  return addFormatOptions(command).action((refs: readonly string[], flags: RetryFlags) =>
    withSession(flags, (session) => retry(session, refs, flags)),
  );
}

async function retry(session: Session, refs: readonly string[], flags: RetryFlags): Promise<number> {
  refuseTwoOutputs(session, flags);
  const { client } = session;
  const filter = runFilter(flags, session.moment());
  const force = flags.force === true && { force: true };
  if (namedOrMatching(refs, filter, flags) === 'matching') {
    if (wantsEnd(flags)) throw new UsageError('--follow and --wait are for runs that are named');
    const ask = (dryRun: boolean): ReturnType<typeof client.runs.bulk> =>
      client.runs.bulk({ action: 'retry', filter, dry_run: dryRun, ...force });
    return actOnMany(session, { verb: 'retry', done: 'retried', thing: 'run', ask }, flags);
  }
  if (flags.dryRun) throw new UsageError('--dry-run is for runs that are chosen by flags');
  const one = (ref: string) => async (): Promise<number> => {
    const before = await latestRun(client, ref);
    const made = await client.runs.retry(before.id, { ...force });
    return afterRun(session, made, flags, escapeLine(madeSentence(session, made)));
  };
  const codes: number[] = [];
  for (const ref of refs) codes.push(await (wantsEnd(flags) ? ownTroubleApart(session, one(ref)) : one(ref)()));
  return together(codes);
}
