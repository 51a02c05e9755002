/** `jobsched version`: which jobsched this is. */
import { Command } from 'commander';
import { VERSION } from '../../version.ts';

export function versionCommand(): Command {
  return new Command('version').description('Print the version.').action(() => {
    process.stdout.write(`${VERSION}\n`);
  });
}
