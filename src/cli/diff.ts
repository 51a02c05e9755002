/** `jobsched diff`: what `apply` would change, field by field. */
import type { Command } from 'commander';
import { showDiff } from './apply-plan.ts';
import { setOf } from './apply.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { withExamples } from './help.ts';
import { openJobsFile } from './jobs-file/open.ts';
import { withSession } from './session.ts';

interface DiffFlags extends ClientFlags {
  readonly file: string;
  readonly set?: string;
  readonly prune?: true;
}

export function diffCommand(): Command {
  const command = clientCommand('diff')
    .description('Shows what apply would change, field by field. Exits with 8 when there is something.')
    .requiredOption('-f, --file <file>', 'the file of jobs; - is standard input')
    .option('--set <name>', 'as apply would be told')
    .option('--prune', 'show jobs of the set that the file does not have, too');
  withExamples(command, ['jobsched diff -f jobs.yaml', 'jobsched diff -f web.yaml --set web --prune']);
  return addFormatOptions(command).action((flags: DiffFlags) =>
    withSession(flags, async (session) => {
      const set = setOf(flags);
      const jobs = await openJobsFile(flags.file, session.moment().zone);
      return showDiff(session, jobs, { set, prune: flags.prune === true });
    }),
  );
}
