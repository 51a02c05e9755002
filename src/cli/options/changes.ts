/** What a run by hand has otherwise than its job: flags of `run` and `retry`, and a command behind `--`. */
import { text as readText } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { integerArgument, pairArgument, secondsArgument } from './arguments.ts';
import { UsageError } from '../help/failure.ts';
import type { Session } from '../session.ts';
import { commandLine, jobFields, type FieldFlags } from '../submit/submit-body.ts';
import type { TriggerBody } from '../../client/client.ts';

export type Changes = NonNullable<TriggerBody['changes']>;

type Field = 'env' | 'cwd' | 'stdin' | 'timeout' | 'priority' | 'host';

export interface ChangeFlags extends Pick<FieldFlags, Field> {
  readonly name?: string;
}

const GROUP = 'Changes';

export function addChangeOptions(command: Command): Command {
  const options = [
    new Option('--env <NAME=value>', "a variable beside the job's own, or instead of one; may be repeated").argParser(
      pairArgument,
    ),
    new Option('--cwd <folder>', 'where it runs'),
    new Option('--stdin <text>', 'its standard input; - takes ours'),
    new Option('--timeout <duration>', 'end an attempt that takes longer').argParser(secondsArgument),
    new Option('--priority <number>', '-100 to 100, higher first').argParser(integerArgument),
    new Option('--host <worker>', 'run it only on the worker of this name'),
    new Option('--name <name>', 'a name for the new job'),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command;
}

/** @returns null when there are none. @param behind the words behind `--`: another command. */
export async function changesOf(
  session: Session,
  flags: ChangeFlags,
  behind: readonly string[] | null,
): Promise<Changes | null> {
  const { env, cwd, stdin, timeout, priority, host, name } = flags;
  const given: FieldFlags = {
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
    ...(stdin !== undefined && { stdin }),
    ...(timeout !== undefined && { timeout }),
    ...(priority !== undefined && { priority }),
    ...(host !== undefined && { host }),
  };
  if (behind?.length === 0) throw new UsageError('there is no command behind --');
  const moment = session.moment();
  const changes: Changes = {
    ...(await jobFields(given, { moment, cwd: session.cwd, readStdin: () => readText(process.stdin) })),
    ...(name !== undefined && { name }),
    ...(behind !== null && { command: commandLine(behind) }),
  };
  return Object.keys(changes).length === 0 ? null : changes;
}

/** The API replaces all variables; who types one means it to come beside the others. */
export function withVariables(changes: Changes, before: Readonly<Record<string, string>>): Changes {
  return changes.env ? { ...changes, env: { ...before, ...changes.env } } : changes;
}
