/** `jobsched diff`: what `apply` would change, field by field. */
import type { Command } from 'commander';
import { showDiff } from '../jobs-file/apply-plan.ts';
import { oneFile, setOf } from './apply.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { withExamples } from '../help/help.ts';
import { openJobsFile } from '../jobs-file/open.ts';
import { withSession } from '../session.ts';

interface DiffFlags extends ClientFlags {
  readonly file?: string;
  readonly set?: string;
  readonly prune?: true;
}

export function diffCommand(): Command {
  const command = clientCommand('diff')
    .description('Shows what apply would change, field by field. Exits with 8 when there is something.')
    .argument('[file]', 'the file of jobs; - is standard input')
    .option('-f, --file <file>', 'the same, as a flag')
    .option('--set <name>', 'as apply would be told')
    .option('--prune', 'show jobs of the set that the file does not have, too');
  withExamples(command, ['jobsched diff -f jobs.yaml', 'jobsched diff -f web.yaml --set web --prune']);
  return addFormatOptions(command).action((file: string | undefined, flags: DiffFlags) =>
    withSession(flags, async (session) => {
      const set = setOf(flags);
      const jobs = await openJobsFile(oneFile(file, flags.file), session.moment().zone);
      return showDiff(session, jobs, { set, prune: flags.prune === true });
    }),
  );
}
