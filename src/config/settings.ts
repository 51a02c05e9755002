/**
 * Every setting of the daemons: its kind, default and help, in one place. Flags, `JOBSCHED_*` variables, files, `--help`
 * and docs/configuration.md follow from it.
 */
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { REDIS_SETTINGS } from './redis-settings.ts';
import { SERVE_SETTINGS, SERVER_SETTINGS } from './server-settings.ts';
import { setting, type Setting } from './setting.ts';
import { oneOf, text } from './values.ts';
import { WORKER_SETTINGS } from './worker-settings.ts';

const FILE_SETTINGS = {
  dataDir: setting({
    schema: text(),
    fallback: dataDirectory,
    fallbackWords: '$XDG_DATA_HOME/jobsched, ~/.local/share/jobsched, or as root /var/lib/jobsched',
    placeholder: '<folder>',
    help: 'Where the data lies. Made if missing, for its owner only.',
  }),
} as const;

const COMMON_SETTINGS = {
  logLevel: setting({
    schema: oneOf(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: () => 'info' as const,
    placeholder: '<level>',
    help: 'How much is logged: debug, info, warn, error or silent.',
  }),
} as const;

export const SETTINGS = {
  ...SERVER_SETTINGS,
  ...SERVE_SETTINGS,
  ...FILE_SETTINGS,
  ...WORKER_SETTINGS,
  ...REDIS_SETTINGS,
  ...COMMON_SETTINGS,
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** Which command takes which. One that it does not take is no business of its: a file can be for all of them. */
export const SETTINGS_OF = {
  standalone: [
    ...namesOf(SERVER_SETTINGS),
    ...namesOf(FILE_SETTINGS),
    ...namesOf(WORKER_SETTINGS),
    ...namesOf(COMMON_SETTINGS),
  ],
  serve: [
    ...namesOf(SERVER_SETTINGS),
    ...namesOf(SERVE_SETTINGS),
    ...namesOf(REDIS_SETTINGS),
    ...namesOf(COMMON_SETTINGS),
  ],
  worker: [...namesOf(WORKER_SETTINGS), ...namesOf(REDIS_SETTINGS), ...namesOf(COMMON_SETTINGS)],
} as const;

export type DaemonName = keyof typeof SETTINGS_OF;
export type SettingsOf<Daemon extends DaemonName> = Pick<Settings, (typeof SETTINGS_OF)[Daemon][number]>;

function namesOf<Group extends object>(group: Group): readonly (keyof Group)[] {
  return Object.keys(group) as (keyof Group)[];
}

/** Where data goes by default; see https://specifications.freedesktop.org/basedir-spec/. */
function dataDirectory(machine: Machine): string {
  if (machine.env['XDG_DATA_HOME']) return join(machine.env['XDG_DATA_HOME'], 'jobsched');
  return machine.uid === 0 ? '/var/lib/jobsched' : join(machine.home, '.local/share/jobsched');
}
