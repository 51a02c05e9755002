/** `jobsched standalone`: everything in one process, on an embedded file. */
import { Command } from 'commander';
import { childEnvironment } from '../config/child-environment.ts';
import { loadSettings, type Flags } from '../config/load.ts';
import { thisMachine, type Machine } from '../config/machine.ts';
import { SETTINGS, type SettingName, type Settings } from '../config/settings.ts';
import { systemClock } from '../clock.ts';
import { startStandalone } from '../daemon.ts';
import { createLogger } from '../log.ts';
import { VERSION } from '../version.ts';
import { thisProgram } from './called-as.ts';
import { withExamples } from './help.ts';
import { addSettings } from './settings-options.ts';
import { untilStopped } from './signals.ts';

export function standaloneCommand(): Command {
  const command = new Command('standalone')
    .description(
      'Serves the API and the page, fires schedules and runs the commands, in one process on one file.\n' +
        'Each setting can also stand in the environment (JOBSCHED_PORT) or in a jobsched.yaml (port).',
    )
    .action((flags: Flags) => runStandalone(flags));
  withExamples(command, ['jobsched standalone', 'jobsched standalone --port 9000 --data-dir ./data']);
  return addSettings(command, Object.keys(SETTINGS) as SettingName[]);
}

async function runStandalone(flags: Flags): Promise<void> {
  const machine = thisMachine();
  const { settings } = await loadSettings(flags, machine);
  const pretty = process.stdout.isTTY;
  const logger = createLogger({ level: settings.logLevel, pretty });
  const daemon = await startStandalone({
    settings,
    clock: systemClock,
    logger,
    version: VERSION,
    hostname: machine.hostname,
    uid: machine.uid,
    childEnvironment: childEnvironment(machine, settings.passEnv),
    home: machine.home,
  });
  // Before anybody is told that it is ready: a signal at that moment has to find its handler.
  const stopped = untilStopped(daemon, { logger, clock: systemClock });
  const { url, location: data } = daemon;
  const next = nextCommand(url, machine);
  if (pretty) process.stdout.write(welcome({ url, data, next }, settings, machine));
  else logger.info({ url, data, concurrency: settings.concurrency, next }, 'ready');
  await stopped;
}

/** What a newcomer can paste to see it work. */
function nextCommand(url: string, machine: Machine): string {
  const server = new URL(url).port === '8080' ? '' : ` --server ${url}`;
  return `${thisProgram(machine)} submit${server} --follow -- echo hello`;
}

interface Welcome {
  readonly url: string;
  readonly data: string;
  readonly next: string;
}

/** What a person sees at the start: where the page is, where the data lies, what to type next. */
function welcome({ url, data, next }: Welcome, settings: Settings, machine: Machine): string {
  const file = data.replace(new RegExp(`^${RegExp.escape(machine.home)}/`), '~/');
  return `
jobsched ${VERSION} · SQLite ${file} · this machine runs the jobs (${settings.concurrency} at a time)
  Page  ${url}
  Next  ${next}

`;
}
