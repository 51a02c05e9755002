/** `jobsched restore`: a backup becomes the data of the standalone that is started next. Asks no server. */
import { Command } from 'commander';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { addSettings } from '../options/settings-options.ts';
import { loadSettings, type Flags } from '../../config/load.ts';
import { thisMachine } from '../../config/machine.ts';
import { dataFile, hasData, notABackup, requireNoDaemon, restoreData } from '../../daemon/data-file.ts';
import { messageOf } from '../../errors.ts';

export function restoreCommand(): Command {
  const command = new Command('restore')
    .description(
      'Put a backup into the data folder, for the standalone that is started there next. It is checked first, and what ' +
        'was there before is kept in a folder of its own; a folder whose jobsched runs is left alone. What happened after ' +
        'the backup is forgotten: runs that waited or ran then are run again as their jobs say, and slots since then ' +
        'are missed ones.',
    )
    .argument('<file>', 'what `jobsched backup` wrote')
    .option('--force', 'also where there is data already');
  withExamples(command, [
    'jobsched restore jobsched.backup',
    'jobsched restore jobsched.backup --force --data-dir ./data',
  ]);
  return addSettings(command, ['dataDir']).action(restore);
}

/** First whether it can be done at all here, then whether it may, and then whether it is what is wanted. */
async function restore(backup: string, flags: Flags): Promise<void> {
  const { dataDir } = (await loadSettings(['dataDir'], flags, thisMachine())).settings;
  requireNoDaemon(dataDir);
  requireBackup(backup);
  if (hasData(dataDir) && flags['force'] !== true) {
    throw new UsageError(
      `there is data in ${dataDir} already`,
      'With --force the backup takes its place, and it is kept in a folder of its own.',
    );
  }
  const kept = restoreData(backup, dataDir);
  const words = [`restored ${dataFile(dataDir)}`, ...(kept === null ? [] : [`what was there is ${kept}`])];
  process.stdout.write(`${escapeLine(words.join(' · '))}\n`);
}

/** A slip of the finger is told as one, and not as damaged data. */
function requireBackup(file: string): void {
  let objection: string | null;
  try {
    objection = notABackup(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`);
  }
  if (objection !== null) {
    throw new UsageError(`${file} is no backup of jobsched: ${objection}`, 'Name a file that `jobsched backup` wrote.');
  }
}
