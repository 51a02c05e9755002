/** The flags that say which runs, of `runs` and of what is done to many. */
import type { Command } from 'commander';
import { wantedArgument, wantedListArgument } from './arguments.ts';
import { UsageError } from '../help/failure.ts';
import { parseSince } from '../format/parse-time.ts';
import type { Moment } from '../format/time.ts';
import type { RunFilter } from '../../client/client.ts';
import type { RunStatus } from '../../domain/run.ts';

export interface RunFilterFlags {
  readonly status?: readonly string[];
  readonly reason?: readonly string[];
  readonly trigger?: readonly string[];
  readonly job?: string;
  readonly queue?: string;
  readonly worker?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly since?: string;
  readonly until?: string;
  readonly late?: true;
}

export function addRunFilter(command: Command): Command {
  return command
    .option('--status <status>', 'only these, separated by commas: pending, running, failed, …', wantedListArgument)
    .option(
      '--reason <reason>',
      'only for these: exit, signal, timeout, spawn, lost, overlap, misfire, …',
      wantedListArgument,
    )
    .option('--trigger <trigger>', 'only made by these: schedule, submit, manual, retry', wantedListArgument)
    .option('--job <job>', 'only of this job', wantedArgument)
    .option('--queue <queue>', 'only of this queue', wantedArgument)
    .option('--worker <name>', 'only by this worker', wantedArgument)
    .option('--tag <tag>', 'only of jobs with this tag', wantedArgument)
    .option('--search <text>', "only with this in their job's name, command or description", wantedArgument)
    .option('--since <time>', "only made at or after this: 2h (ago), '2026-11-24 02:00', 2026-11-24T02:00:00Z")
    .option('--until <time>', 'only made before this')
    .option('--late', 'only those that started late, or wait and are late');
}

/** @throws UsageError for a time that is none. */
export function runFilter(flags: RunFilterFlags, moment: Moment): RunFilter {
  const { status, reason, trigger, job, queue, worker, tag, search, since, until, late } = flags;
  return {
    ...(status && { status: [...status] as RunStatus[] }),
    ...(reason && { reason: [...reason] as NonNullable<RunFilter['reason']> }),
    ...(trigger && { trigger: [...trigger] as NonNullable<RunFilter['trigger']> }),
    ...(job !== undefined && { job }),
    ...(queue !== undefined && { queue }),
    ...(worker !== undefined && { worker }),
    ...(tag !== undefined && { tag }),
    ...(search !== undefined && { q: search }),
    ...(since !== undefined && { since: time('--since', since, moment) }),
    ...(until !== undefined && { until: time('--until', until, moment) }),
    ...(late && { late }),
  };
}

function time(flag: string, text: string, { zone, now }: Moment): string {
  const at = parseSince(text, zone, now);
  if (at !== null) return new Date(at).toISOString();
  throw new UsageError(
    `${flag} ${text} is no point in time`,
    "Write it like 2h, '2026-11-24 02:00' or 2026-11-24T02:00:00Z.",
  );
}
