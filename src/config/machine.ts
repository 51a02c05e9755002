/** What the configuration asks of the machine. The only file that reads `process.env`. */
import { availableParallelism, homedir, hostname, userInfo } from 'node:os';
import { JobschedError } from '../errors.ts';

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `jobsched.yaml` is looked for first. */
  readonly cwd: string;
  /** Null where the system has no numeric users. */
  readonly uid: number | null;
  readonly user: string;
  readonly home: string;
  readonly hostname: string;
  readonly cpus: number;
  /** IANA name of the system's zone. */
  readonly timezone: string;
}

/** This machine, now. @throws JobschedError `invalid_config` in a folder that is gone. */
export function thisMachine(): Machine {
  return {
    env: process.env,
    cwd: workingFolder(),
    uid: process.getuid?.() ?? null,
    user: userName(),
    home: homedir(),
    hostname: hostname(),
    cpus: availableParallelism(),
    // oxlint-disable-next-line jobsched/only-here -- asks where the machine is, not what time it is
    timezone: zoneName(Temporal.Now.timeZoneId()),
  };
}

/** A machine that says nothing of its zone (TZ=""), or only that it has no offset, goes by UTC, under one name. */
export function zoneName(id: string): string {
  return ['Etc/Unknown', '+00:00', 'GMT', 'Etc/UTC', 'Etc/GMT'].includes(id) ? 'UTC' : id;
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new JobschedError('invalid_config', 'the folder that this was called in is not there any more', {
      cause,
      hint: 'Go to one that is there: cd',
    });
  }
}

/** A uid without an entry in the user database, as containers have, makes `userInfo` throw. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? String(process.getuid?.() ?? 'unknown');
  }
}
