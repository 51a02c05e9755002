/** `jobsched cancel`: ends runs, or all live runs of jobs. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { eachRef } from '../targets/each-ref.ts';
import { withExamples } from '../help/help.ts';
import { escapeLine } from '../format/escape.ts';
import { isData } from '../print/data.ts';
import { actOnMany, addManyOptions, namedOrMatching, type ManyFlags } from '../targets/many.ts';
import { requireAllowed } from '../targets/foreseen.ts';
import { aboutJob, aboutRun, isRunRef, namedJob, namedRun } from '../targets/ref.ts';
import { addRunFilter, runFilter, type RunFilterFlags } from '../options/run-filter.ts';
import { runName } from '../run/run-words.ts';
import { withSession, type Session } from '../session.ts';
import type { CancelledRuns, Client, RunView } from '../../client/client.ts';

interface CancelFlags extends ClientFlags, RunFilterFlags, ManyFlags {}

export function cancelCommand(): Command {
  const command = clientCommand('cancel')
    .description('Cancel runs, or all live runs of jobs. Their schedules go on.')
    .argument('[ref...]', "a run (nightly#42, or its id) or a job (name, id, or the id's first characters)");
  withExamples(command, [
    'jobsched cancel nightly#42',
    'jobsched cancel nightly weekly',
    'jobsched cancel --queue gpu --status pending --dry-run',
  ]);
  addManyOptions(addRunFilter(command), 'live runs');
  return addFormatOptions(command).action((refs: readonly string[], flags: CancelFlags) =>
    withSession(flags, (session) => cancel(session, refs, flags)),
  );
}

function cancel(session: Session, refs: readonly string[], flags: CancelFlags): Promise<number> {
  const filter = runFilter(flags, session.moment());
  if (namedOrMatching(refs, filter, flags) === 'named') return cancelNamed(session, refs, flags.dryRun === true);
  const ask = (dryRun: boolean): ReturnType<Session['client']['runs']['bulk']> =>
    session.client.runs.bulk({ action: 'cancel', filter, dry_run: dryRun });
  return actOnMany(session, { verb: 'cancel', done: 'cancelled', thing: 'run', ask }, flags);
}

async function cancelNamed(session: Session, refs: readonly string[], dryRun: boolean): Promise<number> {
  const { client, format, err } = session;
  return eachRef(session, refs, {
    ask: async (ref) => {
      const cancelled = await (dryRun ? foreseen(client, ref) : cancelOne(client, ref));
      const { count, runs } = cancelled;
      if (count === 0) {
        err.write(`${escapeLine(ref)} has no live run\n`);
        await hintAtSchedule(session, ref);
      }
      if (count > runs.length && !isData(format)) err.write(`${count} runs in all, of which these are the newest\n`);
      return cancelled;
    },
    ids: ({ runs }) => runs,
    words: ({ runs }) => runs.map(dryRun ? foreseenOutcome : outcome).join(''),
  });
}

async function cancelOne(client: Client, ref: string): Promise<CancelledRuns> {
  return isRunRef(ref)
    ? one(await aboutRun(client, ref, () => client.runs.cancel(ref)))
    : aboutJob(client, ref, () => client.jobs.cancel(ref));
}

/** What would be cancelled, and is not. @throws JobschedError for a run that has ended. */
async function foreseen(client: Client, ref: string): Promise<CancelledRuns> {
  if (isRunRef(ref)) {
    const run = await namedRun(client, ref);
    await requireAllowed(client.runs.bulk({ action: 'cancel', ids: [run.id], dry_run: true }));
    return one(run);
  }
  const { id } = await namedJob(client, ref);
  const runs = await Array.fromAsync(client.runs.all({ job: id, status: ['pending', 'running'] }));
  return { count: runs.length, more: false, next_cursor: null, runs };
}

const one = (run: RunView): CancelledRuns => ({ count: 1, more: false, next_cursor: null, runs: [run] });

/** Who cancels a cron job that is not running wants its schedule to stop. */
async function hintAtSchedule(session: Session, ref: string): Promise<void> {
  const { client, err } = session;
  if (!err.isTTY) return;
  const job = await client.jobs.get(ref);
  if (job.type !== 'cron') return;
  session.hint(
    `  its schedule goes on; to stop it: ${session.program()} pause ${ref} · ${session.program()} delete ${ref}`,
  );
}

const foreseenOutcome = (run: RunView): string => `${escapeLine(`would cancel ${runName(run)}`)}\n`;

/** A pending run ends at once; a running one when its worker has ended its command. */
function outcome(run: RunView): string {
  const sentence =
    run.status === 'running'
      ? `cancelling ${runName(run)} · ${run.worker ?? 'its worker'} has been asked to end it`
      : `cancelled ${runName(run)}`;
  return `${escapeLine(sentence)}\n`;
}
