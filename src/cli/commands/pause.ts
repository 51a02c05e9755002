/** `jobsched pause`: stops schedules. Runs that exist go on. */
import type { Command } from 'commander';
import { jobAction } from '../targets/job-action.ts';
import { jobName } from '../job/job-words.ts';

export function pauseCommand(): Command {
  return jobAction('pause', {
    description: 'Stop the schedules of jobs. Runs that exist go on; slots that pass meanwhile are not made up for.',
    examples: ['jobsched pause nightly', 'jobsched pause nightly weekly', 'jobsched pause --tag reports'],
    done: 'paused',
    ask: ({ client }, ref) => client.jobs.pause(ref),
    words: (job) => `paused ${jobName(job)}`,
  });
}
