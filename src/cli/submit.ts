/** `jobsched submit`: a command, to be run once or on a schedule. */
import { text as readText } from 'node:stream/consumers';
import { Argument, Option, type Command } from 'commander';
import { integerArgument, listArgument, pairArgument, secondsArgument } from './arguments.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { toFailure, UsageError } from './failure.ts';
import { followRun, tellEnd } from './follow.ts';
import { withExamples } from './help.ts';
import { idLine } from './id-line.ts';
import { creationSentence, jobName } from './job-words.ts';
import { json } from './json.ts';
import { runExitCode } from './run-exit-code.ts';
import { withSession, type Session } from './session.ts';
import { submitBody, type JobFlags } from './submit-body.ts';
import { JobschedError, type JobView } from '../client/client.ts';
import { OVERLAPS } from '../domain/overlap.ts';
import { MISFIRES } from '../domain/schedule/misfire.ts';
import { runId, jobId } from '../domain/id.ts';

interface SubmitFlags extends ClientFlags, JobFlags {
  readonly follow?: true;
  readonly wait?: true;
}

export function submitCommand(): Command {
  const command = clientCommand('submit')
    .description('Run a command once or on a schedule.')
    .addArgument(
      new Argument(
        '<command...>',
        'one word is a shell command; several are one command and its arguments, as they are; -- before them keeps ' +
          'what starts with - from being taken for a flag of ours',
      ),
    )
    .option('--cron <schedule>', "run on a schedule: '*/10 * * * * *', '0 2 * * *', @hourly, '@every 90s'")
    .option(
      '--at <time>',
      "run once at this time: '2026-11-24 02:00', 2026-11-24T02:00:00Z, +90s; at once if it has passed",
    )
    .option('--name <name>', 'a unique name to call the job by')
    .option('--description <text>', 'what it is for')
    .option('--tag <tag>', 'a label to find it by; may be repeated', listArgument)
    .option(
      '--tz <zone>',
      "the zone of --cron and --at, such as Europe/Berlin (default: the server's, and yours for --at)",
    )
    .option('--queue <queue>', 'the queue its runs wait in; host:NAME pins them to one worker')
    .option('--priority <number>', '-100 to 100, higher first', integerArgument)
    .addOption(new Option('--overlap <policy>', 'when a slot comes while a run is live').choices(OVERLAPS))
    .addOption(new Option('--misfire <policy>', 'which slots run that nobody could fire in time').choices(MISFIRES))
    .option('--timeout <duration>', 'end an attempt that takes longer: 90, 90s, 5m, 1h30m', secondsArgument)
    .option('--retries <number>', 'further attempts after one that failed', integerArgument)
    .option(
      '--retry-delay <duration>',
      'before the second attempt, or a little longer; it doubles from there',
      secondsArgument,
    )
    .option('--env <NAME=value>', 'an environment variable of the command; may be repeated', pairArgument)
    .option('--cwd <folder>', "where it runs (default: the worker's home directory)")
    .option('--shell <program>', 'what is given -c and the command (default: /bin/sh)')
    .option('--stdin <text>', "the command's standard input; - takes ours")
    .option('--follow', 'show the output as it is written, and exit as the command does')
    .option('--wait', 'wait until it has ended, and exit as the command does');
  withExamples(command, [
    'jobsched submit "echo hi"',
    'jobsched submit --follow -- ./backup.sh --target "two words"',
    'jobsched submit date --name tick --cron "*/10 * * * * *"',
    "jobsched submit --name nightly --cron '0 2 * * *' --tz Europe/Berlin -- ./backup.sh",
  ]);
  return addFormatOptions(command).action((words: readonly string[], flags: SubmitFlags) =>
    withSession(flags, (session) => submit(session, words, flags)),
  );
}

async function submit(session: Session, words: readonly string[], flags: SubmitFlags): Promise<number> {
  refuseContradictions(session, flags);
  const moment = session.moment();
  const body = await submitBody(words, flags, {
    moment,
    cwd: session.cwd,
    readStdin: () => readText(process.stdin),
  });
  if (flags.follow || flags.wait) return ownTroubleApart(session, () => submitAndWait(session, body, flags));
  const job = await session.client.jobs.create(body);
  session.out.write(printed(session, job));
  if (session.format === 'table') hintNext(session, job, flags);
  return EXIT.ok;
}

function refuseContradictions(session: Session, flags: SubmitFlags): void {
  if (!flags.follow && !flags.wait) return;
  const flag = flags.follow ? '--follow' : '--wait';
  if (flags.cron !== undefined) {
    throw new UsageError(
      `${flag} is for a command that runs once`,
      `Submit it, then: ${session.program()} logs -f NAME`,
    );
  }
  if (flags.follow && session.format !== 'table') {
    throw new UsageError(`--follow and -o ${session.format} both want standard output`, 'Use --wait with -o.');
  }
}

async function submitAndWait(
  session: Session,
  body: Parameters<Session['client']['jobs']['create']>[0],
  flags: SubmitFlags,
): Promise<number> {
  const job = await session.client.jobs.create(body);
  const first = { id: runId(jobId(job.id), 1), job_id: job.id, job_name: job.name, number: 1 };
  const run = await followRun(session, first, { silent: !flags.follow });
  if (session.format === 'id') session.out.write(idLine(run));
  else if (session.format === 'json') session.out.write(json(run));
  await tellEnd(session, run);
  return runExitCode(run);
}

/** The command's exit codes must not be taken for ours, so all of ours are one that commands hardly use. */
async function ownTroubleApart(session: Session, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    session.err.write(toFailure(error).text);
    return EXIT.ownTrouble;
  }
}

function printed(session: Session, job: JobView): string {
  if (session.format === 'json') return json(job);
  return session.format === 'id' ? idLine(job) : `${creationSentence(job, session.moment())}\n`;
}

function hintNext(session: Session, job: JobView, flags: SubmitFlags): void {
  const { command, cwd } = job;
  if (flags.cwd === undefined && cwd === null && /^\.{1,2}\//.test(command)) {
    session.hint("  note: it runs in the worker's home directory; --cwd . would have it run here");
  }
  session.hint(`  see it: ${session.program()} ${job.type === 'once' ? 'logs -f' : 'get'} ${jobName(job)}`);
}
