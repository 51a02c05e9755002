/** `jobsched serve`: API, page and scheduler on a Redis, for workers on any number of machines. */
import { Command } from 'commander';
import type { Flags } from '../../config/load.ts';
import { SETTINGS_OF } from '../../config/settings.ts';
import { startServe, type ServeDaemon } from '../../daemon/serve.ts';
import { VERSION } from '../../version.ts';
import { thisProgram } from '../help/called-as.ts';
import { shellQuote } from '../../shell-quote.ts';
import { withExamples } from '../help/help.ts';
import { firstSubmit } from '../job/next-command.ts';
import { runDaemon, type Ready, type Running } from '../daemon/run-daemon.ts';
import { addSettings } from '../options/settings-options.ts';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'Serves the API and the page and fires schedules, on a Redis. Start as many as you like: there is no leader.\n' +
        'The commands themselves are run by `jobsched worker`. Flags without a command mean this one.',
    )
    .action((flags: Flags) => runDaemon(flags, { name: 'serve', start: startServe, ready }));
  withExamples(command, [
    'jobsched serve',
    'jobsched serve --port 9000 --redis-addr redis-1:6379',
    'jobsched serve --redis-sentinel s1:26379,s2:26379,s3:26379',
  ]);
  return addSettings(command, SETTINGS_OF.serve);
}

/** Where the page is, where Redis is, and what to type next: without a worker nothing runs. Who only shows takes no job. */
function ready({ daemon, settings, machine, redisFlags }: Running<'serve', ServeDaemon>): Ready {
  const { url, location, hasWorkers } = daemon;
  const worker = `${thisProgram(machine)} ${shellQuote(['worker', ...redisFlags])}`;
  const submit = settings.readOnly ? null : firstSubmit(url, machine);
  const next = hasWorkers ? submit : worker;
  return {
    fields: { url, redis: location, workers: hasWorkers, ...(next !== null && { next }) },
    welcome: `
jobsched ${VERSION} · ${location}${hasWorkers ? '' : ' · no worker is there yet'}
  Page  ${url}
${next === null ? '' : `  Next  ${next}\n`}
`,
  };
}
