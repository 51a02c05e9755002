/** `jobsched edit`: changes of a job, by flags, or as YAML in an editor. */
import { text as readText } from 'node:stream/consumers';
import type { Command } from 'commander';
import { listArgument } from '../options/arguments.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { eachRef } from '../targets/each-ref.ts';
import { editAsText } from '../job/edit-text.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { addJobOptions, addTimeOptions } from '../options/job-options.ts';
import { jobName, nextSentence, scheduleWords } from '../job/job-words.ts';
import { FIELD_NAMES } from '../jobs-file/fields.ts';
import { namedJob } from '../targets/ref.ts';
import { withSession, type Session } from '../session.ts';
import { jobFields, timeFields, type FieldFlags, type TimeFlags } from '../submit/submit-body.ts';
import type { JobView, PatchBody } from '../../client/client.ts';
import { nearest } from '../../config/nearest.ts';

interface EditFlags extends ClientFlags, FieldFlags, TimeFlags {
  readonly command?: string;
  readonly unset?: readonly string[];
}

export function editCommand(): Command {
  const command = clientCommand('edit')
    .description(
      'Change jobs by flags; without any, on a terminal, one in your editor ($VISUAL, $EDITOR). What is not named stays ' +
        'as it is, and runs that have begun go on as they began.',
    )
    .argument('<job...>', "jobs by name, id, or the id's first characters")
    .option('--command <command>', 'what it runs, as a shell command');
  addJobOptions(addTimeOptions(command)).option(
    '--unset <fields>',
    'back to the default, by the names of -o json: timeout_seconds,cwd',
    listArgument,
  );
  withExamples(command, [
    'jobsched edit nightly',
    "jobsched edit nightly --cron '0 3 * * *'",
    'jobsched edit nightly weekly --timeout 1h --retries 2',
    'jobsched edit nightly --unset timeout_seconds,cwd',
  ]);
  return addFormatOptions(command).action((refs: readonly string[], flags: EditFlags) =>
    withSession(flags, (session) => edit(session, refs, flags)),
  );
}

async function edit(session: Session, refs: readonly string[], flags: EditFlags): Promise<number> {
  const change = await changeOf(session, flags);
  const isByFlags = Object.keys(change).length > 0;
  if (!isByFlags) refuseWithoutEditor(session, refs);
  return eachRef(session, refs, {
    ask: async (ref) => {
      const job = await namedJob(session.client, ref);
      return isByFlags ? session.client.jobs.update(job.id, change) : editAsText(session, job);
    },
    words: (job) => `${escapeLine(editedSentence(session, job))}\n`,
  });
}

async function changeOf(session: Session, flags: EditFlags): Promise<PatchBody> {
  const { command, unset = [] } = flags;
  requireFields(unset);
  const moment = session.moment();
  const readStdin = (): Promise<string> => readText(process.stdin);
  return {
    ...Object.fromEntries(unset.map((field) => [field, null])),
    ...timeFields(flags, moment),
    ...(await jobFields(flags, { moment, cwd: session.cwd, readStdin })),
    ...(command !== undefined && { command }),
  };
}

/** What has no default, by the flag that changes it. */
const NEEDED: Readonly<Record<string, string>> = { command: '--command', schedule: '--cron' };

const UNSETTABLE = FIELD_NAMES.filter((name) => !Object.hasOwn(NEEDED, name));

/** @throws UsageError for a name that no field of a job has, and for a field that a job cannot do without. */
function requireFields(names: readonly string[]): void {
  const unknown = names.find((name) => !UNSETTABLE.includes(name));
  if (unknown === undefined) return;
  if (Object.hasOwn(NEEDED, unknown)) {
    throw new UsageError(`--unset: ${unknown} has no default`, `Change it with ${NEEDED[unknown]}.`);
  }
  const guess = UNSETTABLE.find((name) => name.startsWith(unknown)) ?? nearest(unknown, UNSETTABLE);
  const hints = [...(guess === null ? [] : [`Did you mean ${guess}?`]), `There are: ${UNSETTABLE.join(', ')}`];
  throw new UsageError(`--unset: there is no field ${unknown}`, hints.join('\n'));
}

/** @throws UsageError where nobody sits at an editor, or would at several. */
function refuseWithoutEditor({ out, mayAsk }: Session, refs: readonly string[]): void {
  if (!mayAsk || !process.stdin.isTTY || out.isTTY !== true) {
    throw new UsageError('what is to change?', 'Say it by flags, such as --cron; an editor needs a terminal.');
  }
  if (refs.length > 1) throw new UsageError('an editor takes one job at a time');
}

function editedSentence(session: Session, job: JobView): string {
  const next = nextSentence(job, session.moment());
  return [
    `edited ${jobName(job)}`,
    `version ${job.version}`,
    scheduleWords(job),
    ...(next === null ? [] : [`next ${next}`]),
  ].join(' · ');
}
