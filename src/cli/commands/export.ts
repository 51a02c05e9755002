/** `jobsched export`: the jobs of a server as a file for `apply`. */
import { Option, type Command } from 'commander';
import { clientCommand, type ClientFlags } from '../options/client-options.ts';
import { EXIT } from '../exit-code.ts';
import { withExamples } from '../help/help.ts';
import { fieldsOf, withoutDefaults, type Fields } from '../jobs-file/fields.ts';
import { jobsFileText } from '../jobs-file/write.ts';
import { withSession, type Session } from '../session.ts';
import type { JobFilter } from '../../client/client.ts';

interface ExportFlags extends ClientFlags {
  readonly type: 'once' | 'cron';
  readonly queue?: string;
  readonly tag?: string;
  readonly search?: string;
}

/** The most that the server gives at once. */
const PAGE = 200;

export function exportCommand(): Command {
  const command = clientCommand('export')
    .description(
      'Writes the jobs that have a name as a file for apply, oldest first. Jobs that run once are left out unless asked ' +
        'for: applied elsewhere they would run again.',
    )
    .addOption(new Option('--type <type>', 'only this kind').choices(['once', 'cron']).default('cron'))
    .option('--queue <queue>', 'only of this queue')
    .option('--tag <tag>', 'only with this tag')
    .option('--search <text>', 'only with this in the name, the command or the description');
  withExamples(command, ['jobsched export > jobs.yaml', 'jobsched export --tag set:web']);
  return command.action((flags: ExportFlags) => withSession(flags, (session) => exportJobs(session, flags)));
}

async function exportJobs(session: Session, { type, queue, tag, search }: ExportFlags): Promise<number> {
  const filter: JobFilter = {
    type,
    ...(queue !== undefined && { queue }),
    ...(tag !== undefined && { tag }),
    ...(search !== undefined && { q: search }),
  };
  const found: [name: string, fields: Fields][] = [];
  let nameless = 0;
  let paused = 0;
  for await (const job of session.client.jobs.all({ ...filter, limit: PAGE })) {
    if (job.name === null) nameless += 1;
    else found.push([job.name, withoutDefaults(fieldsOf(job))]);
    if (job.status === 'paused') paused += 1;
  }
  session.out.write(await jobsFileText(new Map(found.toReversed())));
  // On stderr whoever reads it: a file that lacks jobs has to say so.
  if (nameless > 0) session.err.write(`left out: ${nameless} without a name\n`);
  if (paused > 0) session.hint(`${paused} of them paused, which is no part of what a job is`);
  return EXIT.ok;
}
