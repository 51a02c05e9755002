/** `jobsched resume`: lets schedules that were paused go on. */
import type { Command } from 'commander';
import { jobAction } from '../targets/job-action.ts';
import { jobName, nextSentence } from '../job/job-words.ts';

export function resumeCommand(): Command {
  return jobAction('resume', {
    description: 'Let the schedules of jobs go on that were paused, from their next slot.',
    examples: ['jobsched resume nightly', 'jobsched resume --all'],
    done: 'resumed',
    ask: ({ client }, ref) => client.jobs.resume(ref),
    words: (job, moment) => `resumed ${jobName(job)} · next ${nextSentence(job, moment) ?? 'never'}`,
  });
}
