/** `jobsched service`: daemons under systemd. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Argument, Command } from 'commander';
import { isFromCheckout } from '../help/called-as.ts';
import { withExamples } from '../help/help.ts';
import { unitText, type UnitOptions } from '../service/unit.ts';
import { addSettings } from '../options/settings-options.ts';
import { usageError } from '../help/usage-error.ts';
import { loadSettings } from '../../config/load.ts';
import { thisMachine } from '../../config/machine.ts';
import { SETTINGS_OF, type SettingName } from '../../config/settings.ts';
import { JobschedError } from '../../errors.ts';

type DaemonName = UnitOptions['daemon'];

interface ServiceFlags {
  readonly user?: true;
  readonly print?: true;
}

const daemon = (): Argument => new Argument('<daemon>', 'which one').choices(['standalone', 'serve', 'worker']);

export function serviceCommand(): Command {
  return new Command('service')
    .description('Lets systemd start a daemon with the machine, and again when it fails.')
    .addCommand(installCommand().summary('write the unit of a daemon'))
    .addCommand(uninstallCommand().summary('remove the unit of a daemon'));
}

function installCommand(): Command {
  const command = new Command('install')
    .description(
      'Writes the systemd unit of a daemon, and says how to start it. Flags of the daemon stand behind --. Secrets do not ' +
        'belong there: put JOBSCHED_REDIS_PASS and its like into /etc/default/jobsched.',
    )
    .addArgument(daemon())
    .argument('[flags...]', 'flags of the daemon, behind --')
    .option('--user', "for your own systemd, rather than the machine's")
    .option('--print', 'print it, and write nothing')
    .action(install);
  return withExamples(command, [
    'jobsched service install standalone',
    'jobsched service install worker --print -- --redis-addr redis-1:6379',
  ]);
}

function uninstallCommand(): Command {
  const command = new Command('uninstall')
    .description('Removes what install wrote, and says how to stop the daemon. Its data stays.')
    .addArgument(daemon())
    .option('--user', "of your own systemd, rather than the machine's")
    .action(async (name: DaemonName, { user }: ServiceFlags) => {
      const file = unitFile(name, user === true);
      await onDisk(file, () => rm(file));
      // What `systemctl enable` made.
      const wants = user ? 'default.target.wants' : 'multi-user.target.wants';
      await onDisk(file, () => rm(join(dirname(file), wants, basename(file)), { force: true }));
      process.stdout.write(`removed ${file}\n${next(user, [`stop jobsched-${name}`, 'daemon-reload'])}`);
    });
  return withExamples(command, ['jobsched service uninstall standalone']);
}

async function install(name: DaemonName, flags: readonly string[], { user, print }: ServiceFlags): Promise<void> {
  await checkFlags(name, flags);
  const [, script = ''] = process.argv;
  const runsScript = isFromCheckout(script) || script.endsWith('.js');
  const program = runsScript ? [process.execPath, script] : [process.execPath];
  const text = unitText({ daemon: name, program, flags, isUsers: user === true });
  if (print) {
    process.stdout.write(text);
    return;
  }
  const file = unitFile(name, user === true);
  await onDisk(file, async () => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o644 });
  });
  process.stdout.write(`wrote ${file}\n${next(user, ['daemon-reload', `enable --now jobsched-${name}`])}`);
}

/** As the daemon would read them, so that no unit is written that cannot start. @throws UsageError, JobschedError */
async function checkFlags(name: DaemonName, flags: readonly string[]): Promise<void> {
  const command = addSettings(new Command('jobsched').command(name), SETTINGS_OF[name])
    .configureOutput({ outputError: () => undefined })
    .exitOverride((error) => {
      throw usageError(error, command, flags);
    })
    .helpOption(false);
  command.parse(flags, { from: 'user' });
  const names: readonly SettingName[] = SETTINGS_OF[name];
  await loadSettings(names, command.opts(), { ...thisMachine(), env: {} });
}

function unitFile(name: DaemonName, isUsers: boolean): string {
  const { env, home } = thisMachine();
  const folder = isUsers
    ? join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'systemd/user')
    : '/etc/systemd/system';
  return join(folder, `jobsched-${name}.service`);
}

/** @throws JobschedError for what the disk refuses. */
async function onDisk(file: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const hint = code === 'ENOENT' ? 'There is none: nothing to do.' : 'Do it as root, or with --user.';
    throw new JobschedError('data_unwritable', `${file} cannot be written or removed (${code})`, {
      hint,
      cause: error,
    });
  }
}

function next(user: true | undefined, calls: readonly string[]): string {
  const systemctl = user ? 'systemctl --user' : 'sudo systemctl';
  return `next: ${calls.map((call) => `${systemctl} ${call}`).join(' && ')}\n`;
}
