/** `jobsched worker`: executes runs that wait in a Redis. */
import { Command } from 'commander';
import type { Flags } from '../../config/load.ts';
import { SETTINGS_OF } from '../../config/settings.ts';
import type { Daemon } from '../../daemon/daemon.ts';
import { startWorker } from '../../daemon/worker.ts';
import { VERSION } from '../../version.ts';
import { withExamples } from '../help/help.ts';
import { runDaemon, type Ready, type Running } from '../daemon/run-daemon.ts';
import { addSettings } from '../options/settings-options.ts';

export function workerCommand(): Command {
  const command = new Command('worker')
    .description(
      'Runs the commands of jobs that wait in a Redis. One or more on every machine; it listens on no port.\n' +
        'Besides its queues it serves host:<its name>, so that a job can be pinned to it.',
    )
    .action((flags: Flags) => runDaemon(flags, { name: 'worker', start: startWorker, ready }));
  withExamples(command, [
    'jobsched worker',
    'jobsched worker --redis-addr redis-1:6379 --concurrency 8',
    'jobsched worker --queue default,gpu --name gpu-1',
  ]);
  return addSettings(command, SETTINGS_OF.worker);
}

/** Who it is, what it serves, where Redis is. */
function ready({ daemon, settings }: Running<'worker', Daemon>): Ready {
  const { name, queue, concurrency } = settings;
  const { location } = daemon;
  const queues = [...new Set([...queue, `host:${name}`])];
  return {
    fields: { name, queues, concurrency, redis: location },
    welcome: `
jobsched ${VERSION} · ${location}
  Worker  ${name}, ${concurrency} at a time
  Queues  ${queues.join(', ')}

`,
  };
}
