/** `jobsched submit`: a command, to be run once or on a schedule. */
import { text as readText } from 'node:stream/consumers';
import { Argument, type Command } from 'commander';
import { addFollowOptions, refuseTwoOutputs, untilEnd, wantsEnd, type FollowFlags } from '../run/after-run.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { formatData, isData } from '../print/data.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { ownTroubleApart } from '../run/follow.ts';
import { withExamples } from '../help/help.ts';
import { addJobOptions, addTimeOptions } from '../options/job-options.ts';
import { creationSentence, jobName } from '../job/job-words.ts';
import { withSession, type Session } from '../session.ts';
import { submitBody, submitFields, type JobFlags, type Surroundings } from '../submit/submit-body.ts';
import { submitMany } from '../submit/submit-many.ts';
import { previewSubmit } from '../submit/submit-preview.ts';
import { write } from '../print/terminal.ts';
import { JobschedError, type JobView, type NewJobBody } from '../../client/client.ts';
import { runId, jobId } from '../../domain/id.ts';
import { NOTHING_IN_ITS_WAY } from '../../domain/waiting.ts';

interface SubmitFlags extends ClientFlags, JobFlags, FollowFlags {
  readonly from?: string;
  readonly dryRun?: true;
  readonly idempotencyKey?: string;
}

export function submitCommand(): Command {
  const command = clientCommand('submit')
    .description('Run a command once or on a schedule.')
    .addArgument(
      new Argument(
        '[command...]',
        'one word is a shell command; several are one command and its arguments, as they are; -- before them keeps ' +
          'what starts with - from being taken for a flag of ours',
      ),
    )
    .option('--name <name>', 'a unique name to call the job by');
  addJobOptions(addTimeOptions(command))
    .option(
      '--from <file>',
      'a job for each line of a file, - is standard input: a shell command, or a job as JSON; one that is refused stops no other',
    )
    .option('--dry-run', 'make nothing: say what it would be, and when it would come')
    .option('--idempotency-key <key>', 'what was submitted with this key within 24 hours is not made again');
  addFollowOptions(command);
  withExamples(command, [
    'jobsched submit "echo hi"',
    'jobsched submit --follow -- ./backup.sh --target "two words"',
    'jobsched submit date --name tick --cron "*/10 * * * * *"',
    "jobsched submit --name nightly --cron '0 2 * * *' --tz Europe/Berlin -- ./backup.sh",
    'jobsched submit --in 10m --host web-1 --retries 3 -- ./deploy.sh',
    'jobsched submit --from commands.txt --queue batch',
  ]);
  return addFormatOptions(command).action((words: readonly string[], flags: SubmitFlags) =>
    withSession(flags, (session) => submit(session, words, flags)),
  );
}

async function submit(session: Session, words: readonly string[], flags: SubmitFlags): Promise<number> {
  refuseContradictions(session, words, flags);
  const surroundings: Surroundings = {
    moment: session.moment(),
    cwd: session.cwd,
    readStdin: () => readText(process.stdin),
  };
  if (flags.from !== undefined) {
    const fields = await submitFields(flags, surroundings);
    return submitMany(session, flags.from, { ...flags, fields });
  }
  const body = await submitBody(words, flags, surroundings);
  if (flags.dryRun) return previewSubmit(session, body);
  if (wantsEnd(flags)) return ownTroubleApart(session, () => submitAndWait(session, body, flags));
  const job = await create(session, body, flags);
  await write(session.out, await printed(session, job));
  if (!isData(session.format)) hintNext(session, job, flags);
  return EXIT.ok;
}

function refuseContradictions(session: Session, words: readonly string[], flags: SubmitFlags): void {
  if (words.length === 0 && flags.from === undefined) {
    throw new UsageError("missing required argument 'command'", 'See: jobsched submit --help');
  }
  if (flags.from !== undefined) return refuseForMany(words, flags);
  if (!wantsEnd(flags)) return;
  if (flags.cron !== undefined) {
    throw new UsageError(
      `${flags.follow ? '--follow' : '--wait'} is for a command that runs once`,
      `Submit it, then: ${session.program()} logs -f NAME`,
    );
  }
  refuseTwoOutputs(session, flags);
}

function refuseForMany(words: readonly string[], flags: SubmitFlags): void {
  if (words.length > 0) throw new UsageError('a command and --from exclude each other');
  if (flags.name !== undefined) throw new UsageError('--name is for one job', 'Lines of JSON can have a name each.');
  if (wantsEnd(flags)) throw new UsageError('--follow and --wait are for one job');
  if (flags.from === '-' && flags.stdin === '-') {
    throw new UsageError('--from - and --stdin - both want standard input');
  }
}

function create({ client }: Session, body: NewJobBody, { idempotencyKey }: SubmitFlags): Promise<JobView> {
  return client.jobs.create(body, idempotencyKey === undefined ? {} : { idempotencyKey });
}

async function submitAndWait(session: Session, body: NewJobBody, flags: SubmitFlags): Promise<number> {
  const job = await create(session, body, flags);
  const first = { id: runId(jobId(job.id), 1), job_id: job.id, job_name: job.name, number: 1 };
  return untilEnd(session, first, flags);
}

async function printed(session: Session, job: JobView): Promise<string> {
  const { format, fields, moment } = session;
  if (isData(format)) return formatData(job, format, fields);
  return `${creationSentence(job, moment(), await inItsWay(session, job))}\n`;
}

/** Why what is to run now does not: null where nothing is in its way, and where the server does not say. */
async function inItsWay({ client, moment }: Session, { id, type, run_at: at }: JobView): Promise<string | null> {
  if (type !== 'once' || (at !== null && Date.parse(at) > moment().now)) return null;
  try {
    const { waiting_for: waitsFor, ready_at: ready } = await client.runs.get(runId(jobId(id), 1));
    return ready !== null || waitsFor === NOTHING_IN_ITS_WAY ? null : waitsFor;
  } catch (error) {
    // It was made, and that is what was asked for.
    if (error instanceof JobschedError) return null;
    throw error;
  }
}

function hintNext(session: Session, job: JobView, flags: SubmitFlags): void {
  const { command, cwd } = job;
  if (flags.cwd === undefined && cwd === null && /^\.{1,2}\//.test(command)) {
    session.hint("  note: it runs in the worker's home directory; --cwd . would have it run here");
  }
  session.hint(`  see it: ${session.program()} ${job.type === 'once' ? 'logs -f' : 'get'} ${jobName(job)}`);
}
