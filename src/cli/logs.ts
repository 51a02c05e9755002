/** `jobsched logs`: what a run wrote. */
import { Option, type Command } from 'commander';
import { countArgument } from './arguments.ts';
import { clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { followRun, tellEnd } from './follow.ts';
import { withExamples } from './help.ts';
import { createOutputWriter } from './output-writer.ts';
import { latestRun } from './ref.ts';
import { runName } from './run-words.ts';
import { withSession, type Session } from './session.ts';
import type { RunView } from '../client/client.ts';
import { STREAMS, type Stream } from '../domain/output/frame.ts';

interface LogsFlags extends ClientFlags {
  readonly follow?: true;
  readonly stream?: Stream;
  readonly attempt?: number;
  readonly raw?: true;
  readonly cancelOnInterrupt?: true;
}

export function logsCommand(): Command {
  const command = clientCommand('logs')
    .description(
      'Show what a run wrote: its stdout on stdout, its stderr on stderr, byte for byte. On a terminal, control ' +
        'characters are shown rather than obeyed.',
    )
    .argument(
      '<ref>',
      "a run (nightly#42, or its id), or a job (name, id, or the id's first characters): its latest run",
    )
    .option('-f, --follow', 'go on as it is written, until the run ends')
    .addOption(new Option('--stream <stream>', 'only this one, on stdout').choices(STREAMS))
    .option('--attempt <number>', 'of this attempt (default: the newest)', countArgument)
    .option('--raw', 'obey control characters on a terminal')
    .option('--cancel-on-interrupt', 'with -f: Ctrl-C cancels the run, rather than letting go of it');
  withExamples(command, [
    'jobsched logs nightly',
    'jobsched logs -f nightly#42',
    'jobsched logs nightly --stream stderr | less',
  ]);
  return command.action((ref: string, flags: LogsFlags) => withSession(flags, (session) => logs(session, ref, flags)));
}

async function logs(session: Session, ref: string, flags: LogsFlags): Promise<number> {
  const run = await latestRun(session.client, ref);
  if (!flags.follow) await showOnce(session, run, flags);
  else await tellEnd(session, await followRun(session, run, flags));
  return EXIT.ok;
}

async function showOnce(session: Session, run: RunView, { stream, attempt, raw }: LogsFlags): Promise<void> {
  const writer = createOutputWriter(session, { raw, stream });
  let pieces = 0;
  for await (const event of session.client.runs.frames(run.id, { stream, attempt })) {
    if (event.kind === 'output') pieces += 1;
    await writer.show(event);
  }
  await writer.end();
  if (run.status === 'pending' || run.status === 'running') {
    session.hint(`${runName(run)} is ${run.status} · ${session.program()} logs -f ${runName(run)}`);
  } else if (pieces === 0) session.hint(`${runName(run)} wrote nothing`);
}
