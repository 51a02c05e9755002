/**
 * What a daemon is: a store and the parts that work on it, started and stopped together.
 *
 *   parts started in their order ──► running ──stop──► leaving ──the delay is over──► parts stopped in the opposite
 *   order ──► store closed
 *
 * Start: what can refuse comes first, so that a taken port stops everything before anything runs. Stop: first no more
 * slots, then no more runs, then no more requests; the store goes last. While it is leaving, it does all that it does
 * and says to whoever asks that others should be asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { DaemonName, SettingsOf } from '../config/settings.ts';
import type { Millis } from '../domain/instant.ts';
import type { Logger } from '../log.ts';
import type { Service } from '../service.ts';
import type { Store } from '../store/store.ts';
import type { Worker } from '../worker/worker.ts';

export interface Daemon {
  /** Where the data lies, for people. */
  readonly location: string;
  /** Lets runs end, for as long as the drain may take. Repeatable. */
  stop(): Promise<void>;
  /** Ends them; also while `stop` waits for them. */
  stopNow(): Promise<void>;
}

/** One that serves the API and the page. */
export interface ServingDaemon extends Daemon {
  /** Where the page is. */
  readonly url: string;
}

export interface DaemonOptions<Name extends DaemonName> {
  readonly settings: SettingsOf<Name>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** The machine's name, as workers report it and requests may be addressed to. */
  readonly hostname: string;
  /** This process's user, or null where the system has no numeric users. */
  readonly uid: number | null;
  /** What commands start from. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  /** Where commands start, unless their job says otherwise. */
  readonly home: string;
}

export interface Assembly {
  readonly store: Store;
  /** In the order in which they start. */
  readonly parts: readonly Service[];
  /** The part that has runs to end, if there is one. */
  readonly worker?: Worker;
  /** Called when a stop begins. */
  readonly onStop?: () => void;
  /** How long it is leaving. Default: not at all. */
  readonly leavingMs?: Millis;
}

/** @throws what `start` throws; the store is closed then, so that nothing keeps the process. */
export async function startOnStore<Started>(store: Store, start: (store: Store) => Promise<Started>): Promise<Started> {
  try {
    return await start(store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** @throws what a part throws that refuses to start; nothing is left running then. */
export async function startDaemon(assembly: Assembly): Promise<Daemon> {
  const { store, parts, worker, onStop, leavingMs = 0 } = assembly;
  const hurry = new AbortController();
  let running = false;
  const stop = async (): Promise<void> => {
    onStop?.();
    if (running && leavingMs > 0) await sleep(leavingMs, undefined, { signal: hurry.signal }).catch(() => undefined);
    for (const part of parts.toReversed()) await part.stop();
    await store.close();
  };
  try {
    for (const part of parts) await part.start();
  } catch (error) {
    await stop();
    throw error;
  }
  running = true;
  return {
    location: store.capabilities.location,
    stop,
    stopNow: async () => {
      hurry.abort();
      await worker?.stop({ now: true });
      await stop();
    },
  };
}
