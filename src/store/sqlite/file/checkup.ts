/** What can be said of the file and its disk. */
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fine, problem, warning, type Finding } from '../../../domain/finding.ts';
import { messageOf } from '../../../errors.ts';

const MIB = 1_024 * 1_024;
/** Below this a burst of output can fill the disk. */
const LITTLE = 1_024 * MIB;
/** Below this it is full in all but name: SQLite needs room for its log. */
const TOO_LITTLE = 100 * MIB;

export async function checkFile(file: string): Promise<readonly Finding[]> {
  try {
    return [
      await disk(file),
      await access(file),
      fine('persistence', 'what is acknowledged is on the disk (synchronous=FULL)'),
    ];
  } catch (error) {
    return [
      problem('disk', `${file} cannot be looked at: ${messageOf(error)}`, 'Bring the data folder back, or its rights.'),
    ];
  }
}

async function disk(file: string): Promise<Finding> {
  const folder = dirname(file);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${Math.floor(free / MIB).toLocaleString('en')} MiB are free for ${folder}`;
  if (free >= LITTLE) return fine('disk', message);
  const remedy = 'Make room, or set a lower --output-budget.';
  return free < TOO_LITTLE ? problem('disk', message, remedy) : warning('disk', message, remedy);
}

async function access(file: string): Promise<Finding> {
  const { mode } = await stat(dirname(file));
  if ((mode & 0o077) === 0) return fine('data rights', 'only its owner can read the data folder');
  return warning(
    'data rights',
    `others on this machine can read ${dirname(file)}, and so what jobs hold in their env`,
    `chmod 700 ${dirname(file)}`,
  );
}
