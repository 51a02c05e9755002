/** `jobsched logs`: what a run wrote. */
import { Option, type Command } from 'commander';
import { countArgument, naturalArgument } from '../options/arguments.ts';
import { clientCommand, type ClientFlags } from '../options/client-options.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { followRun, tellEnd } from '../run/follow.ts';
import { size } from '../format/size.ts';
import { withExamples } from '../help/help.ts';
import { lastLines } from '../run/last-lines.ts';
import { createOutputWriter } from '../print/output-writer.ts';
import { latestRun } from '../targets/ref.ts';
import { runName } from '../run/run-words.ts';
import { withSession, type Session } from '../session.ts';
import type { NumberedLineView, OutputEvent, OutputPiece, RunView } from '../../client/client.ts';
import { STREAMS, type Stream } from '../../domain/output/frame.ts';
import { shellQuote } from '../../shell-quote.ts';

interface LogsFlags extends ClientFlags {
  readonly follow?: true;
  readonly stream?: Stream;
  readonly attempt?: number;
  readonly tail?: number;
  readonly timestamps?: true;
  readonly search?: string;
  readonly ignoreCase?: true;
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
    .option('--tail <lines>', 'only the last lines; with -f what comes, too', naturalArgument)
    .option('--timestamps', 'the time before each line, as the worker saw its beginning')
    .option('--search <text>', 'only the lines with this text in them; exits with 1 when there are none')
    .option('--ignore-case', 'with --search: A is a')
    .option('--raw', 'obey control characters on a terminal')
    .option('--cancel-on-interrupt', 'with -f: Ctrl-C cancels the run, rather than letting go of it');
  withExamples(command, [
    'jobsched logs nightly',
    'jobsched logs -f nightly#42',
    'jobsched logs -f --tail 20 --timestamps nightly',
    'jobsched logs nightly --search error --ignore-case',
    'jobsched logs nightly --stream stderr | less',
  ]);
  return command.action((ref: string, flags: LogsFlags) => withSession(flags, (session) => logs(session, ref, flags)));
}

async function logs(session: Session, ref: string, flags: LogsFlags): Promise<number> {
  refuseContradictions(session, ref, flags);
  const run = await latestRun(session.client, ref);
  const stamps = flags.timestamps && session.moment().zone;
  if (flags.follow) {
    await tellEnd(session, await followRun(session, run, { ...flags, stamps }));
    return EXIT.ok;
  }
  const writer = createOutputWriter(session, { ...flags, stamps });
  let pieces = 0;
  for await (const event of eventsOf(session, run, flags)) {
    if (event.kind === 'output') pieces += 1;
    await writer.show(event);
  }
  await writer.end();
  if (flags.search !== undefined) {
    await tellUnsearched(session, run, flags);
    return pieces > 0 ? EXIT.ok : nothingFound(session, run);
  }
  hintNext(session, run, pieces > 0 || flags.tail === 0);
  return EXIT.ok;
}

function refuseContradictions({ program }: Session, ref: string, { follow, search, ignoreCase }: LogsFlags): void {
  if (search === undefined && ignoreCase) throw new UsageError('--ignore-case is for --search');
  if (search === undefined || !follow) return;
  const line = `${program()} logs -f ${shellQuote([ref])} 2>&1 | grep --line-buffered ${shellQuote([search])}`;
  throw new UsageError('--search is for what has been written, --follow for what comes', `Both: ${line}`);
}

async function* eventsOf({ client }: Session, { id }: RunView, flags: LogsFlags): AsyncGenerator<OutputEvent> {
  const { stream, attempt, tail, search, ignoreCase = false } = flags;
  if (search === undefined) {
    if (tail === undefined) yield* client.runs.frames(id, { stream, attempt });
    else yield* await lastLines(client, id, tail, { stream, attempt });
    return;
  }
  const matches = client.runs.search(id, search, { stream, attempt, ignore_case: ignoreCase });
  if (tail === undefined) yield* asPieces(matches);
  else yield* (await Array.fromAsync(asPieces(matches))).slice(tail === 0 ? Infinity : -tail);
}

async function* asPieces(lines: AsyncIterable<NumberedLineView>): AsyncGenerator<OutputPiece> {
  for await (const { stream, time, text } of lines) {
    if (stream === null || time === null) continue;
    yield { kind: 'output', attempt: 1, offset: 0, stream, at: time, bytes: Buffer.from(`${text}\n`) };
  }
}

/** Not a hint: that nothing was found must not be taken for that it was not written. */
async function tellUnsearched({ client, err }: Session, { id }: RunView, { attempt }: LogsFlags): Promise<void> {
  const { attempts } = await client.runs.get(id);
  const searched = attempt === undefined ? attempts[0] : attempts.find(({ number }) => number === attempt);
  const dropped = searched?.output_dropped ?? 0;
  if (dropped > 0) err.write(`[searched only what is kept: ${size(dropped)} between its start and its end are not]\n`);
}

function nothingFound({ hint }: Session, run: RunView): number {
  hint(`no line of ${runName(run)} has that`);
  return EXIT.failure;
}

function hintNext(session: Session, run: RunView, hasOutput: boolean): void {
  if (run.status === 'pending' || run.status === 'running') {
    session.hint(`${runName(run)} is ${run.status} · ${session.program()} logs -f ${runName(run)}`);
  } else if (!hasOutput) session.hint(`${runName(run)} wrote nothing`);
}
