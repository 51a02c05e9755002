/**
 * How signals stop a daemon: the first TERM or INT lets runs end, the second ends them, and a third, should anything
 * still be there, has its usual effect.
 *
 * Under `npm start` each comes twice: Ctrl-C goes to all of the terminal's processes, and npm passes on what it gets. So
 * what comes within a second of another is taken for the same one.
 *
 * HUP, a closed terminal, stops a daemon that writes to one. Any other ignores it, so that `nohup` means what it says:
 * Node takes back the disposition that nohup sets.
 */
import type { Clock } from '../clock.ts';
import { SECOND, type Millis } from '../domain/instant.ts';
import type { Logger } from '../log.ts';

interface Stoppable {
  stop(): Promise<void>;
  stopNow(): Promise<void>;
}

interface Surroundings {
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Running until the first signal, stopping until the second, ending from then on; stopped when that is done. */
type State = 'running' | 'stopping' | 'ending' | 'stopped';

/** How long after a signal another is taken for the same one. */
const ECHO: Millis = SECOND;

/** Resolves when a signal came and the daemon has stopped. Nothing is logged from then on. */
export async function untilStopped(daemon: Stoppable, { logger, clock }: Surroundings): Promise<void> {
  let state: State = 'running';
  const log = (signal: NodeJS.Signals, words: string, level: 'info' | 'debug' = 'info'): void => {
    if (state !== 'stopped') logger[level]({ signal }, words);
  };
  const hangsUp = process.stdout.isTTY;
  if (!hangsUp) process.on('SIGHUP', (signal) => log(signal, 'hangup ignored: this daemon writes to no terminal'));
  const stops: readonly NodeJS.Signals[] = hangsUp ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT'];

  await new Promise<void>((resolve, reject) => {
    let heardAt = Number.NEGATIVE_INFINITY;
    // One handler for all of them, and to the end: without it there would be instants in which a signal kills.
    const onSignal = (signal: NodeJS.Signals): void => {
      const now = clock.monotonic();
      if (now - heardAt < ECHO) return log(signal, 'the same signal again', 'debug');
      heardAt = now;
      if (state === 'running') {
        log(signal, 'stopping: runs may end first; once more to end them now');
        state = 'stopping';
        daemon.stop().then(resolve, reject);
      } else if (state === 'stopping') {
        log(signal, 'ending runs now');
        state = 'ending';
        daemon.stopNow().then(resolve, reject);
      } else {
        for (const each of stops) process.off(each, onSignal);
        process.kill(process.pid, signal);
      }
    };
    for (const signal of stops) process.on(signal, onSignal);
  });
  logger.info('stopped');
  state = 'stopped';
}
