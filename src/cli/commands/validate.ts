/** `jobsched validate`: checks a file of jobs, without a server. */
import { Command } from 'commander';
import { withExamples } from '../help/help.ts';
import { openJobsFile } from '../jobs-file/open.ts';
import { thisMachine } from '../../config/machine.ts';

export function validateCommand(): Command {
  const command = new Command('validate')
    .description(
      'Checks a file for apply, without a server: each fault with its line and column. Exits with 2 for any.',
    )
    .argument('<file>', 'the file of jobs; - is standard input')
    .action(async (file: string) => {
      const jobs = await openJobsFile(file, thisMachine().timezone);
      process.stdout.write(
        `${file === '-' ? 'stdin' : file} is valid: ${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}\n`,
      );
    });
  return withExamples(command, ['jobsched validate jobs.yaml']);
}
