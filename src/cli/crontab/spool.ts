/** Where crons keep the crontabs of users. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobschedError } from '../../errors.ts';

const FOLDERS = [
  '/var/spool/cron/crontabs',
  '/var/spool/cron',
  '/var/spool/cron/tabs',
  '/var/cron/tabs',
  '/usr/lib/cron/tabs',
];

/** @throws JobschedError `not_found` when there is none, `forbidden` when only root may read it. */
export async function readUserCrontab(user: string, folders = FOLDERS): Promise<string> {
  let closed: string | null = null;
  for (const folder of folders) {
    const file = join(folder, user);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EACCES' || code === 'EPERM') closed ??= file;
      else if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') throw error;
    }
  }
  const hint = 'Let crontab read it: crontab -l | jobsched import crontab -';
  if (closed !== null) throw new JobschedError('forbidden', `${closed} may be read by root only`, { hint });
  throw new JobschedError('not_found', `${user} has no crontab in ${folders.join(', ')}`, { hint });
}
