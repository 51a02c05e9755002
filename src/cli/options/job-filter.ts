/** The flags that say which jobs, of `list` and of what is done to many. */
import { Option, type Command } from 'commander';
import { wantedArgument, wantedListArgument } from './arguments.ts';
import type { JobFilter } from '../../client/client.ts';
import type { JobStatus } from '../../domain/job.ts';

export interface JobFilterFlags {
  readonly status?: readonly string[];
  readonly type?: 'once' | 'cron';
  readonly queue?: string;
  readonly tag?: string;
  readonly search?: string;
}

export function addJobFilter(command: Command): Command {
  return command
    .option(
      '--status <status>',
      'only these, separated by commas: scheduled, paused, running, failed, …',
      wantedListArgument,
    )
    .addOption(new Option('--type <type>', 'only this kind').choices(['once', 'cron']))
    .option('--queue <queue>', 'only of this queue', wantedArgument)
    .option('--tag <tag>', 'only with this tag', wantedArgument)
    .option('--search <text>', 'only with this in the name, the command or the description', wantedArgument);
}

export function jobFilter({ status, type, queue, tag, search }: JobFilterFlags): JobFilter {
  return {
    ...(status && { status: [...status] as JobStatus[] }),
    ...(type && { type }),
    ...(queue !== undefined && { queue }),
    ...(tag !== undefined && { tag }),
    ...(search !== undefined && { q: search }),
  };
}
