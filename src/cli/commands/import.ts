/** `jobsched import`: jobs from elsewhere. */
import { Command } from 'commander';
import { importCrontabCommand } from './import-crontab.ts';

export function importCommand(): Command {
  return new Command('import')
    .description('Brings in jobs from elsewhere.')
    .addCommand(importCrontabCommand().summary('the jobs of a crontab'));
}
