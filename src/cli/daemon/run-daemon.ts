/** What the commands that are daemons have in common: settings, a log, a word when they are ready, and how they stop. */
import { childEnvironment } from '../../config/child-environment.ts';
import { loadSettings, type Flags } from '../../config/load.ts';
import { thisMachine, type Machine } from '../../config/machine.ts';
import { SETTINGS_OF, type DaemonName, type SettingName, type SettingsOf } from '../../config/settings.ts';
import { systemClock } from '../../clock.ts';
import type { Daemon, DaemonOptions } from '../../daemon/daemon.ts';
import { createLogger, type Logger } from '../../log.ts';
import { VERSION } from '../../version.ts';
import { NotStarted } from '../help/failure.ts';
import { redisFlags } from '../options/redis-flags.ts';
import { untilStopped } from '../signals.ts';
import { tellReady } from '../started/systemd-notify.ts';

export interface Running<Name extends DaemonName, Started extends Daemon> {
  readonly daemon: Started;
  readonly settings: SettingsOf<Name>;
  readonly machine: Machine;
  /** The Redis of this daemon as flags, for the next command that somebody types; without secrets. */
  readonly redisFlags: readonly string[];
}

/** How a daemon says that it is ready: a few lines to a person, fields to a log. */
export interface Ready {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly welcome: string;
}

export interface DaemonCommand<Name extends DaemonName, Started extends Daemon> {
  readonly name: Name;
  readonly start: (options: DaemonOptions<Name>) => Promise<Started>;
  readonly ready: (running: Running<Name, Started>) => Ready;
}

/** Resolves when a signal has stopped it. @throws NotStarted for what was in the way. */
export async function runDaemon<Name extends DaemonName, Started extends Daemon>(
  flags: Flags,
  { name, start, ready }: DaemonCommand<Name, Started>,
): Promise<void> {
  const machine = thisMachine();
  const names: readonly SettingName[] = SETTINGS_OF[name];
  const loaded = await loadSettings(names, flags, machine);
  const settings = loaded.settings as SettingsOf<Name>;
  const pretty = process.stdout.isTTY;
  const { logLevel, passEnv = [] } = loaded.settings as Partial<typeof loaded.settings>;
  const logger = createLogger({ level: logLevel ?? 'info', pretty });
  warnOfPassword(flags, logger);
  const daemon = await start({
    settings,
    clock: systemClock,
    logger,
    version: VERSION,
    hostname: machine.hostname,
    uid: machine.uid,
    childEnvironment: childEnvironment(machine, passEnv),
    home: machine.home,
  }).catch((error: unknown) => {
    throw new NotStarted(error, 'wait' in settings);
  });
  // Before anybody is told that it is ready: a signal at that moment has to find its handler.
  const stopped = untilStopped(daemon, { logger, clock: systemClock });
  const { fields, welcome } = ready({ daemon, settings, machine, redisFlags: redisFlags(flags) });
  if (pretty) process.stdout.write(welcome);
  else logger.info(fields, 'ready');
  tellReady(machine.env).catch((error: unknown) =>
    logger.warn({ err: error }, 'systemd cannot be told that this is ready'),
  );
  await stopped;
}

function warnOfPassword(flags: Flags, logger: Logger): void {
  const inUrl = /:\/\/[^/@]+@/.test(typed(flags, 'redisUrl') ?? '');
  const flag = typed(flags, 'redisPass') ? '--redis-pass' : inUrl ? '--redis-url' : null;
  if (flag === null) return;
  const variable = flag === '--redis-pass' ? 'JOBSCHED_REDIS_PASS' : 'JOBSCHED_REDIS_URL';
  logger.warn(`everyone on this machine can read the password of ${flag} in ps: use ${variable} or ${variable}_FILE`);
}

function typed(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}
