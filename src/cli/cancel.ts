/** `jobsched cancel`: ends a run, or all live runs of a job. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { withExamples } from './help.ts';
import { escapeLine } from './format/escape.ts';
import { idLine } from './id-line.ts';
import { json } from './json.ts';
import { isRunRef } from './ref.ts';
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

async function cancel({ client, format, out, err }: Session, ref: string): Promise<number> {
  const cancelled = isRunRef(ref) ? one(await client.runs.cancel(ref)) : await client.jobs.cancel(ref);
  const { count, runs } = cancelled;
  if (format === 'json') out.write(json(cancelled));
  else out.write(runs.map(format === 'id' ? idLine : outcome).join(''));
  if (count === 0) err.write(`${escapeLine(ref)} has no live run\n`);
  if (count > runs.length && format !== 'json') err.write(`${count} runs in all, of which these are the newest\n`);
  return EXIT.ok;
}

const one = (run: RunView): CancelledRuns => ({ count: 1, runs: [run] });

/** A pending run ends at once; a running one when its worker has ended its command. */
function outcome(run: RunView): string {
  const sentence =
    run.status === 'running'
      ? `cancelling ${runName(run)} · ${run.worker ?? 'its worker'} has been asked to end it`
      : `cancelled ${runName(run)}`;
  return `${escapeLine(sentence)}\n`;
}
