/** `jobsched apply`: makes the jobs of a server what a file says. */
import type { Command } from 'commander';
import { applyPlan } from '../jobs-file/apply-plan.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { UsageError } from '../help/failure.ts';
import { withExamples } from '../help/help.ts';
import { openJobsFile } from '../jobs-file/open.ts';
import { withSession } from '../session.ts';

interface ApplyFlags extends ClientFlags {
  readonly file?: string;
  readonly set?: string;
  readonly prune?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

export function applyCommand(): Command {
  const command = clientCommand('apply')
    .description(
      'Creates the jobs of a file that are missing, and edits those that differ. docs/jobs-file.md says what a file is. ' +
        'A file with a fault changes nothing.',
    )
    .argument('[file]', 'the file of jobs; - is standard input')
    .option('-f, --file <file>', 'the same, as a flag')
    .option('--set <name>', 'tag its jobs as this set (set:NAME), so that --prune knows them again')
    .option('--prune', 'delete jobs of the set that the file does not have; asks before')
    .option('--dry-run', 'show what would change, and exit with 8 when something would')
    .option('--yes', 'delete without asking');
  withExamples(command, [
    'jobsched apply -f jobs.yaml',
    'jobsched apply -f jobs.yaml --dry-run',
    'jobsched apply -f web.yaml --set web --prune',
  ]);
  return addFormatOptions(command).action((file: string | undefined, flags: ApplyFlags) =>
    withSession(flags, async (session) => {
      const set = setOf(flags);
      const jobs = await openJobsFile(oneFile(file, flags.file), session.moment().zone);
      const { dryRun = false, prune = false, yes = false } = flags;
      return applyPlan(session, jobs, { set, prune, dryRun, yes });
    }),
  );
}

/** Named bare, or by its flag. */
export function oneFile(bare: string | undefined, flag: string | undefined): string {
  if (bare !== undefined && flag !== undefined) throw new UsageError('a file and --file exclude each other');
  const file = bare ?? flag;
  if (file === undefined) throw new UsageError('which file?', 'Name a file of jobs; - is standard input.');
  return file;
}

/** Without a set nobody could tell which jobs came from the file. */
export function setOf({ set, prune }: Pick<ApplyFlags, 'set' | 'prune'>): string | null {
  if (prune && set === undefined) {
    throw new UsageError('--prune needs --set NAME: it deletes only what was applied as that set');
  }
  if (set !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/.test(set)) {
    throw new UsageError('--set must be 1 to 60 of A-Z a-z 0-9 _ . -, the first a letter or digit');
  }
  return set ?? null;
}
