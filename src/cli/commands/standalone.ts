/** `jobsched standalone`: everything in one process, on an embedded file. */
import { Command } from 'commander';
import type { Flags } from '../../config/load.ts';
import { SETTINGS_OF } from '../../config/settings.ts';
import type { ServingDaemon } from '../../daemon/daemon.ts';
import { startStandalone } from '../../daemon/standalone.ts';
import { VERSION } from '../../version.ts';
import { withExamples } from '../help/help.ts';
import { firstSubmit } from '../job/next-command.ts';
import { runDaemon, type Ready, type Running } from '../daemon/run-daemon.ts';
import { addSettings } from '../options/settings-options.ts';

export function standaloneCommand(): Command {
  const command = new Command('standalone')
    .description(
      'Serves the API and the page, fires schedules and runs the commands, in one process on one file.\n' +
        'Each setting can also stand in the environment (JOBSCHED_PORT) or in a jobsched.yaml (port).',
    )
    .action((flags: Flags) => runDaemon(flags, { name: 'standalone', start: startStandalone, ready }));
  withExamples(command, ['jobsched standalone', 'jobsched standalone --port 9000 --data-dir ./data']);
  return addSettings(command, SETTINGS_OF.standalone);
}

/** Where the page is, where the data lies, what to type next. */
function ready({ daemon, settings, machine }: Running<'standalone', ServingDaemon>): Ready {
  const { url, location: data } = daemon;
  const next = settings.readOnly ? null : firstSubmit(url, machine);
  const file = data.replace(new RegExp(`^${RegExp.escape(machine.home)}/`), '~/');
  return {
    fields: { url, data, concurrency: settings.concurrency, ...(next !== null && { next }) },
    welcome: `
jobsched ${VERSION} · SQLite ${file} · this machine runs the jobs (${settings.concurrency} at a time)
  Page  ${url}
${next === null ? '' : `  Next  ${next}\n`}
`,
  };
}
