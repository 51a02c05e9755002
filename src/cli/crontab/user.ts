/** A command of another user: jobs run as their worker does, so a worker of root's has to become that user. */
import { shellQuote } from '../../shell-quote.ts';

interface Surroundings {
  readonly command: string;
  readonly shell: string | null;
  readonly cwd: string | null;
}

/** Where the usual distributions have it; the PATH of a crontab often has no folder of root's. */
const RUNUSER = '/sbin/runuser';

/** Cron begins in the user's home; where a crontab sets HOME, that is the job's folder already. */
export function commandAs(user: string | null, { command, shell, cwd }: Surroundings): string {
  if (user === null) return command;
  const begun = cwd === null ? `cd; ${command}` : command;
  return shellQuote([RUNUSER, user, '-s', shell ?? '/bin/sh', '-c', begun]);
}
