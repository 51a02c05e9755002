/** `jobsched cancel`: ends a run, or all live runs of a job. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { withExamples } from './help.ts';
import { escapeLine } from './format/escape.ts';
import { shellQuote } from './format/shell-quote.ts';
import { idLine } from './id-line.ts';
import { json } from './json.ts';
import { aboutRun, isRunRef } from './ref.ts';
import { jobName } from './job-words.ts';
import { runName } from './run-words.ts';
import { withSession, type Session } from './session.ts';
import type { CancelledRuns, RunView } from '../client/client.ts';

export function cancelCommand(): Command {
  const command = clientCommand('cancel')
    .description('Cancel a run, or all live runs of a job. Its schedule goes on.')
    .argument('<ref>', "a run (nightly#42, or its id) or a job (name, id, or the id's first characters)");
  withExamples(command, ['jobsched cancel nightly#42', 'jobsched cancel nightly']);
  return addFormatOptions(command).action((ref: string, flags: ClientFlags) =>
    withSession(flags, (session) => cancel(session, ref)),
  );
}

async function cancel(session: Session, ref: string): Promise<number> {
  const { client, format, out, err } = session;
  const cancelled = isRunRef(ref)
    ? one(await aboutRun(client, ref, () => client.runs.cancel(ref)))
    : await client.jobs.cancel(ref);
  const { count, runs } = cancelled;
  if (format === 'json') out.write(json(cancelled));
  else out.write(runs.map(format === 'id' ? idLine : outcome).join(''));
  if (count === 0) {
    err.write(`${escapeLine(ref)} has no live run\n`);
    await hintAtSchedule(session, ref);
  }
  if (count > runs.length && format !== 'json') err.write(`${count} runs in all, of which these are the newest\n`);
  return EXIT.ok;
}

const one = (run: RunView): CancelledRuns => ({ count: 1, runs: [run] });

/** Who cancels a cron job that is not running wants its schedule to stop, and no command does that yet. */
async function hintAtSchedule(session: Session, ref: string): Promise<void> {
  const { client, server, err } = session;
  if (!err.isTTY) return;
  const job = await client.jobs.get(ref);
  if (job.type !== 'cron') return;
  const line = shellQuote(['curl', '-X', 'DELETE', `${server}/api/jobs/${encodeURIComponent(jobName(job))}`]);
  session.hint(`  its schedule goes on; to pause or delete it: ${server} · or delete it with: ${line}`);
}

/** A pending run ends at once; a running one when its worker has ended its command. */
function outcome(run: RunView): string {
  const sentence =
    run.status === 'running'
      ? `cancelling ${runName(run)} · ${run.worker ?? 'its worker'} has been asked to end it`
      : `cancelled ${runName(run)}`;
  return `${escapeLine(sentence)}\n`;
}
