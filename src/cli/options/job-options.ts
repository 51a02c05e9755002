/** The flags that say what a job is: of `submit`, which makes one, and of `edit`. */
import { Option, type Command } from 'commander';
import {
  bytesArgument,
  integerArgument,
  integersArgument,
  listArgument,
  pairArgument,
  scheduleArgument,
  secondsArgument,
} from './arguments.ts';
import { OVERLAPS } from '../../domain/overlap.ts';
import { BACKOFFS } from '../../domain/retry.ts';
import { MISFIRES } from '../../domain/schedule/misfire.ts';

/** When it runs. */
export function addTimeOptions(command: Command): Command {
  return command
    .option(
      '--cron <schedule>',
      "run on a schedule: '*/10 * * * * *', '0 2 * * *', @hourly, '@every 90s'",
      scheduleArgument,
    )
    .option(
      '--at <time>',
      "run once at this time: 23:00, '2026-11-24 02:00', 2026-11-24T02:00:00Z, +90s; at once if it has passed",
    )
    .option('--in <duration>', 'run once after this: 90, 90s, 10m, 1h30m, 2d', secondsArgument)
    .option('--tz <zone>', "a zone such as Europe/Berlin (default: for --cron the server's, for --at yours)");
}

/** Where it runs, as what, and what becomes of it. */
export function addJobOptions(command: Command): Command {
  command
    .option('--description <text>', 'what it is for')
    .option('--tag <tag>', 'a label to find it by; may be repeated', listArgument)
    .option('--queue <queue>', 'the queue its runs wait in')
    .option('--host <worker>', 'run it only on the worker of this name: the queue host:NAME')
    .option('--priority <number>', '-100 to 100, higher first', integerArgument)
    .option('--timeout <duration>', 'end an attempt that takes longer: 90, 90s, 5m, 1h30m', secondsArgument)
    .option('--retries <number>', 'further attempts after one that failed (default: 0)', integerArgument)
    .option(
      '--retry-delay <duration>',
      'before the second attempt, or a little longer; it doubles from there (default: 10s)',
      secondsArgument,
    )
    .option('--env <NAME=value>', 'an environment variable of the command; may be repeated', pairArgument)
    .option('--cwd <folder>', "where it runs; a relative one counts from here (default: the worker's home directory)")
    .option('--shell <program>', 'what is given -c and the command (default: /bin/sh)')
    .option('--stdin <text>', "the command's standard input; - takes ours");
  for (const option of policies()) command.addOption(option.helpGroup('Policies'));
  return command;
}

function policies(): readonly Option[] {
  const seconds = (flags: string, words: string): Option => new Option(flags, words).argParser(secondsArgument);
  const number = (flags: string, words: string): Option => new Option(flags, words).argParser(integerArgument);
  return [
    new Option('--overlap <policy>', 'when a slot comes while a run is live (default: skip)').choices(OVERLAPS),
    new Option('--misfire <policy>', 'which slots run that nobody could fire in time (default: latest)').choices(
      MISFIRES,
    ),
    seconds('--misfire-window <duration>', 'how old such a slot may be (default: 1h)'),
    seconds('--jitter <duration>', 'spread the starts over so long after each slot'),
    new Option('--starts-at <time>', 'no slot before this'),
    new Option('--ends-at <time>', 'no slot at or after this'),
    seconds('--late-after <duration>', 'a start later than this is marked as late'),
    seconds('--kill-grace <duration>', 'between TERM and KILL when it is ended (default: 10s)'),
    new Option('--retry-backoff <policy>', 'whether the delays between attempts grow (default: exponential)').choices(
      BACKOFFS,
    ),
    seconds('--retry-max-delay <duration>', 'how long they grow to at most (default: 1h)'),
    new Option('--retry-on <codes>', 'only after these exit codes, separated by commas').argParser(integersArgument),
    new Option('--on-lost <policy>', 'when its worker is gone (default: retry, where there are --retries)').choices([
      'retry',
      'fail',
    ]),
    seconds('--lost-after <duration>', 'how long a worker may be out of contact before that (default: 60s)'),
    number('--keep-runs <number>', 'how many finished runs stay (default: 100)'),
    number('--keep-failed-runs <number>', 'how many more that failed (default: 100)'),
    number('--keep-days <days>', 'how long they stay (default: 30)'),
    new Option(
      '--output-limit <size>',
      'how much output is kept of an attempt: 512KiB, 16MiB (default: 1MiB)',
    ).argParser(bytesArgument),
  ];
}
