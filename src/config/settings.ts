/**
 * Every setting of the daemons: its kind, default and help, in one place. Flags, `JOBSCHED_*` variables, files, `--help`
 * and docs/configuration.md follow from it. A setting `dataDir` is the flag `--data-dir`, the variable
 * `JOBSCHED_DATA_DIR` and the key `data_dir` in files.
 */
import { join } from 'node:path';
import { z } from 'zod';
import {
  HOST_QUEUE_PREFIX,
  QUEUE_NAME,
  QUEUE_NAME_WORDS,
  WORKER_NAME,
  WORKER_NAME_WORDS,
  workerNameOf,
} from '../domain/queue.ts';
import { resolveTimeZone } from '../domain/schedule/time-zone-name.ts';
import { JobschedError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { byteSize, integer, list, oneOf, text } from './values.ts';

export interface Setting<Value> {
  readonly schema: z.ZodType<Value>;
  /** What holds when nobody says anything. */
  readonly fallback: (machine: Machine) => Value;
  /** One or two sentences, with unit and range. */
  readonly help: string;
  /** What stands for the value in help. */
  readonly placeholder: string;
  /** The default in words, where it depends on the machine. */
  readonly fallbackWords?: string;
}

const setting = <Value>(all: Setting<Value>): Setting<Value> => all;

/** A zone by its canonical spelling; one that does not exist is refused in the schedules' own words. */
const zone = text().transform((name, context) => {
  try {
    return resolveTimeZone(name);
  } catch (error) {
    const hint = error instanceof JobschedError ? error.hint : null;
    context.addIssue(`is not a time zone that there is. ${hint ?? ''}`.trimEnd());
    return z.NEVER;
  }
});

export const SETTINGS = {
  host: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: '127.0.0.1 and ::1',
    placeholder: '<address>',
    help: 'Address to listen on. Anything but a loopback address also needs --auth none, until keys exist.',
  }),
  port: setting({
    schema: integer(0, 65_535),
    fallback: () => 8080,
    placeholder: '<port>',
    help: 'Port of the API and the page. 0 takes a free one.',
  }),
  auth: setting({
    schema: oneOf(['local', 'none']),
    fallback: () => 'local' as const,
    placeholder: '<local|none>',
    help: 'Who may ask: "local", only the user that runs jobsched, and root, on this machine; "none", whoever reaches the port.',
  }),
  publicUrl: setting<string | null>({
    schema: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<url>',
    help: 'The address people reach the page by, when a proxy stands before it. Its host is allowed in requests.',
  }),
  allowedHost: setting<readonly string[]>({
    schema: list(text()),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<name>',
    help: "Further host names that requests may be addressed to, besides localhost, IP addresses and the machine's name. May be repeated.",
  }),
  dataDir: setting({
    schema: text(),
    fallback: dataDirectory,
    fallbackWords: '$XDG_DATA_HOME/jobsched, ~/.local/share/jobsched, or as root /var/lib/jobsched',
    placeholder: '<folder>',
    help: 'Where the data lies. Made if missing, for its owner only.',
  }),
  outputBudget: setting({
    schema: byteSize(2 ** 20),
    fallback: () => 2 ** 30,
    fallbackWords: '1GiB',
    placeholder: '<bytes>',
    help: 'What the stored output of all runs may take. Beyond it the oldest goes first.',
  }),
  concurrency: setting({
    schema: integer(1, 10_000),
    fallback: (machine) => Math.max(16, 4 * machine.cpus),
    fallbackWords: '4 for each CPU, at least 16',
    placeholder: '<runs>',
    help: 'How many runs this worker executes at a time.',
  }),
  queue: setting<readonly string[]>({
    schema: list(text().refine((name) => QUEUE_NAME.test(name), `must be names of queues: ${QUEUE_NAME_WORDS}`)),
    fallback: () => ['default'],
    placeholder: '<names>',
    help: 'The queues this worker serves, besides host:<its name>. May be repeated.',
  }),
  name: setting({
    schema: text().refine(
      (name) => WORKER_NAME.test(name),
      `must be ${WORKER_NAME_WORDS}: jobs are pinned to this worker by the queue ${HOST_QUEUE_PREFIX}<its name>`,
    ),
    fallback: (machine) => workerNameOf(machine.hostname),
    fallbackWords: 'the host name, with - for what a name may not have',
    placeholder: '<name>',
    help: `The name of this worker: ${WORKER_NAME_WORDS}.`,
  }),
  drainTimeout: setting({
    schema: integer(0, 86_400),
    fallback: () => 30,
    placeholder: '<seconds>',
    help: 'How long runs may go on after TERM before they are ended, with 10 s at most between TERM and KILL. 0 to 86400.',
  }),
  passEnv: setting<readonly string[]>({
    schema: list(text().refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), 'is not the name of a variable')),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<names>',
    help: 'Environment variables of this process that commands get as well. May be repeated.',
  }),
  timezone: setting({
    schema: zone,
    fallback: (machine) => machine.timezone,
    fallbackWords: "the system's",
    placeholder: '<zone>',
    help: 'Time zone of schedules that name none.',
  }),
  logLevel: setting({
    schema: oneOf(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: () => 'info' as const,
    placeholder: '<level>',
    help: 'How much is logged: debug, info, warn, error or silent.',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** Where data goes by default; see https://specifications.freedesktop.org/basedir-spec/. */
function dataDirectory(machine: Machine): string {
  if (machine.env['XDG_DATA_HOME']) return join(machine.env['XDG_DATA_HOME'], 'jobsched');
  return machine.uid === 0 ? '/var/lib/jobsched' : join(machine.home, '.local/share/jobsched');
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const flagOf = (name: SettingName): string => `--${dashed(name)}`;
export const variableOf = (name: SettingName): string => `JOBSCHED_${dashed(name).replaceAll('-', '_').toUpperCase()}`;
export const keyOf = (name: SettingName): string => dashed(name).replaceAll('-', '_');
