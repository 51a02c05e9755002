/** `jobsched import crontab`: a whole crontab, as jobs on the server or as a file for `apply`. */
import { Option, type Command } from 'commander';
import { applyPlan } from '../jobs-file/apply-plan.ts';
import { clientCommand, type ClientFlags } from '../options/client-options.ts';
import { convertCrontab, type Imported, type Note } from '../crontab/convert.ts';
import { readUserCrontab } from '../crontab/spool.ts';
import { looksLikeSystemCrontab } from '../crontab/system-crontab.ts';
import { usersOfMachine } from '../crontab/users.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { json } from '../print/json.ts';
import { readInput } from '../jobs-file/open.ts';
import { jobsFileText } from '../jobs-file/write.ts';
import { withSession } from '../session.ts';
import { thisMachine, type Machine } from '../../config/machine.ts';

interface ImportFlags extends Omit<ClientFlags, 'output'> {
  readonly user?: string;
  /** Undefined: not said. */
  readonly system?: boolean;
  readonly tz?: string;
  readonly likeCron?: true;
  readonly dryRun?: true;
  readonly output?: 'table' | 'yaml' | 'json';
}

export function importCrontabCommand(): Command {
  const command = clientCommand('crontab')
    .description(
      'Makes jobs of the lines of a crontab. What cannot be carried over is listed, line by line, on stderr. Doing it ' +
        'again changes nothing. The crontab itself stays as it is: comment its lines out before the jobs run twice.',
    )
    .argument('[file]', 'a crontab; - is standard input (default: your own)')
    .option('--user <name>', 'the crontab of this user')
    .option('--system', 'lines name their user, as in /etc/crontab and /etc/cron.d')
    .option('--no-system', 'lines name no user, although their commands begin like it')
    .option('--tz <zone>', "the zone of its times, unless it says CRON_TZ (default: this machine's)")
    .option('--like-cron', 'runs may overlap, and runs that were missed are gone, as under cron')
    .option('--dry-run', 'show what would change, and exit with 8 when something would')
    .addOption(
      new Option('-o, --output <format>', 'yaml: a file for apply, and nothing on the server').choices([
        'table',
        'yaml',
        'json',
      ]),
    );
  withExamples(command, [
    'crontab -l | jobsched import crontab - --dry-run',
    'jobsched import crontab --user root -o yaml > jobs.yaml',
    'jobsched import crontab /etc/crontab --system',
  ]);
  return command.action((file: string | undefined, flags: ImportFlags) => importCrontab(file, flags));
}

async function importCrontab(file: string | undefined, { output = 'table', ...flags }: ImportFlags): Promise<void> {
  const machine = thisMachine();
  const text = await textOf(file, flags, machine);
  const users = await usersOfMachine();
  if (file !== undefined && flags.system === undefined) refuseSystemCrontab(text, users);
  const imported = convertCrontab(text, {
    system: flags.system === true,
    timezone: flags.tz ?? machine.timezone,
    user: machine.user,
    likeCron: flags.likeCron === true,
    users,
  });
  if (output === 'json') {
    process.stdout.write(json({ jobs: Object.fromEntries(imported.jobs), notes: imported.notes }));
    return;
  }
  process.stderr.write(notesText(imported, lineCount(text)));
  if (output === 'yaml') {
    process.stdout.write(await jobsFileText(imported.jobs, imported.notes.map(noteWords)));
    return;
  }
  const jobs = [...imported.jobs].map(([name, body]) => ({ name, body: { ...body, name } }));
  await withSession(flags, async (session) => {
    const options = { set: null, prune: false, dryRun: flags.dryRun === true, yes: true };
    if (jobs.length > 0) return applyPlan(session, jobs, options);
    session.err.write('no jobs in it\n');
    return EXIT.ok;
  });
}

function textOf(file: string | undefined, { user }: Pick<ImportFlags, 'user'>, machine: Machine): Promise<string> {
  if (file !== undefined && user !== undefined) throw new UsageError('--user and a file exclude each other');
  return file === undefined ? readUserCrontab(user ?? machine.user) : readInput(file);
}

/** Its users would become the names of jobs, and the first words of their commands. */
function refuseSystemCrontab(text: string, users: ReadonlySet<string> | null): void {
  if (!looksLikeSystemCrontab(text, users ?? new Set())) return;
  throw new UsageError(
    'this looks like a system crontab, with a user in each line',
    'Add --system; if it is none, --no-system.',
  );
}

/** Always, not only to a person: what is lost has to be seen. */
function notesText({ notes, jobs, fates }: Imported, count: number): string {
  const left = fates.filter((fate) => fate === 'left out').length;
  const [lines, made] = [count === 1 ? 'line' : 'lines', jobs.size === 1 ? 'job' : 'jobs'];
  const head = `${count} ${lines}: ${jobs.size} ${made}, ${left} left out\n`;
  return head + notes.map((note) => `  ${escapeLine(noteWords(note))}\n`).join('');
}

/** As `wc -l` counts them; a last one without an end is one too. */
const lineCount = (text: string): number => text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0);

const noteWords = ({ line, kind, text }: Note): string =>
  kind === 'left out' ? `left out: line ${line} ${text}` : `${kind}: line ${line}: ${text}`;
