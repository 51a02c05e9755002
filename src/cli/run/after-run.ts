/** What follows the making of a run: a word about it, or its output, or its end, and the exit code that goes with it. */
import { Option, type Command } from 'commander';
import { formatData, isData } from '../print/data.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { followRun, tellEnd, type FollowOptions } from './follow.ts';
import { runExitCode } from './run-exit-code.ts';
import type { Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import type { RunView } from '../../client/client.ts';

export interface FollowFlags {
  readonly follow?: true;
  readonly wait?: true;
  readonly cancelOnInterrupt?: true;
  readonly raw?: true;
}

export function addFollowOptions(command: Command): Command {
  return command
    .option('--follow', 'show the output as it is written, and exit as the command does')
    .option('--wait', 'wait until it has ended, and exit as the command does')
    .option('--cancel-on-interrupt', 'Ctrl-C cancels it, rather than letting go of it')
    .addOption(new Option('--raw', 'with --follow: obey control characters on a terminal'));
}

export const wantsEnd = ({ follow, wait }: FollowFlags): boolean => follow === true || wait === true;

/** @throws UsageError when two things want standard output. */
export function refuseTwoOutputs({ format }: Session, { follow }: FollowFlags): void {
  if (!follow || !isData(format)) return;
  throw new UsageError(`--follow and -o ${format} both want standard output`, 'Use --wait with -o.');
}

/** Stays with a run to its end. @returns what it exited with. */
export async function untilEnd(
  session: Session,
  run: Parameters<typeof followRun>[1],
  { follow, cancelOnInterrupt, raw }: FollowFlags,
  more: Pick<FollowOptions, 'timeoutMs'> = {},
): Promise<number> {
  const { format, fields, out } = session;
  const ended = await followRun(session, run, { silent: !follow, fromFirst: follow, cancelOnInterrupt, raw, ...more });
  if (isData(format)) await write(out, await formatData(ended, format, fields));
  await tellEnd(session, ended);
  return runExitCode(ended);
}

/** `queued nightly#43 · …`, or with `--follow` and `--wait` its end. */
export async function afterRun(session: Session, run: RunView, flags: FollowFlags, sentence: string): Promise<number> {
  const { format, fields, out } = session;
  if (wantsEnd(flags)) return untilEnd(session, run, flags);
  await write(out, isData(format) ? await formatData(run, format, fields) : `${sentence}\n`);
  return EXIT.ok;
}
