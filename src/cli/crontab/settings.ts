/** The variables of a crontab: each holds for the lines below it, until it is set again. */
import type { Variable } from './line.ts';
import { resolveTimeZone } from '../../domain/schedule/time-zone-name.ts';
import { JobschedError } from '../../errors.ts';

export interface CronSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly shell: string | null;
  readonly cwd: string | null;
  readonly timezone: string;
  readonly jitterSeconds: number;
  /** A setting that could not be read, and without which nobody knows when what follows comes. */
  readonly broken: string | null;
}

export const START: Omit<CronSettings, 'timezone'> = {
  env: {},
  shell: null,
  cwd: null,
  jitterSeconds: 0,
  broken: null,
};

export interface Applied {
  readonly settings: CronSettings;
  /** What of it is not carried over: completes "line 7 …". Null: nothing is lost. */
  readonly left: string | null;
}

export function settingsAfter(before: CronSettings, { name, value }: Variable): Applied {
  const special = SPECIAL[name];
  if (special !== undefined) return special(before, value);
  const refused = refusal(name, value);
  if (refused !== null) return { settings: before, left: refused };
  return { settings: { ...before, env: { ...before.env, [name]: value } }, left: null };
}

type Special = (before: CronSettings, value: string) => Applied;

const kept = (settings: CronSettings): Applied => ({ settings, left: null });
const lost =
  (why: string): Special =>
  (settings) => ({ settings, left: why });

const SPECIAL: Readonly<Partial<Record<string, Special>>> = {
  SHELL: (before, value) => kept({ ...before, shell: value === '' ? null : value }),
  HOME: (before, value) => {
    if (!value.startsWith('/')) {
      return { settings: before, left: `sets HOME to ${JSON.stringify(value)}, no absolute path` };
    }
    return kept({ ...before, cwd: value, env: { ...before.env, HOME: value } });
  },
  CRON_TZ: (before, value) => {
    try {
      return kept({ ...before, timezone: resolveTimeZone(value), broken: null });
    } catch (error) {
      if (!(error instanceof JobschedError)) throw error;
      return {
        settings: { ...before, broken: `CRON_TZ=${value}` },
        left: `sets CRON_TZ to ${value}, a zone that nobody knows`,
      };
    }
  },
  RANDOM_DELAY: (before, value) => {
    const minutes = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
    if (!(minutes <= 1_440)) {
      return { settings: before, left: `sets RANDOM_DELAY to ${JSON.stringify(value)}, no minutes` };
    }
    return kept({ ...before, jitterSeconds: minutes * 60 });
  },
  MAILTO: (settings, value) => {
    if (value === '') return kept(settings);
    const left = `mails to ${value}: jobsched sends no mail. It keeps what each run wrote; jobsched runs --status failed shows what failed`;
    return { settings, left };
  },
  MAILFROM: lost('says from whom mail comes: jobsched sends none'),
  CONTENT_TYPE: lost('says what mail is: jobsched sends none'),
  CONTENT_TRANSFER_ENCODING: lost('says what mail is: jobsched sends none'),
  LOGNAME: lost('sets LOGNAME, which cron itself ignores'),
  START_HOURS_RANGE: lost('is for anacron: write these hours into the schedules'),
};

/** What no job may have in its environment. */
function refusal(name: string, value: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name)) return `sets ${JSON.stringify(name)}, no name of a variable`;
  if (name.startsWith('JOBSCHED_')) return `sets ${name}, which jobsched sets itself`;
  return Buffer.byteLength(value) > 32 * 1_024 ? `sets ${name} to more than 32 KiB` : null;
}
