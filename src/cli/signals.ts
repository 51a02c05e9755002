/**
 * How signals stop a daemon: the first TERM or INT lets runs end, the second ends them, and a third, should anything
 * still be there, has its usual effect.
 *
 * HUP, a closed terminal, stops a daemon that writes to one. Any other ignores it, so that `nohup` means what it says:
 * Node takes back the disposition that nohup sets.
 */
import type { Logger } from '../log.ts';

interface Stoppable {
  stop(): Promise<void>;
  stopNow(): Promise<void>;
}

/** Resolves when a signal came and the daemon has stopped. */
export async function untilStopped(daemon: Stoppable, logger: Logger): Promise<void> {
  const hangsUp = process.stdout.isTTY;
  if (!hangsUp) process.on('SIGHUP', () => logger.info('hangup ignored: this daemon writes to no terminal'));
  const stops: readonly NodeJS.Signals[] = hangsUp ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT'];

  await new Promise<void>((resolve, reject) => {
    let stopping = false;
    // One handler from the start to the second signal: between two there would be an instant in which a signal kills.
    const onSignal = (signal: NodeJS.Signals): void => {
      logger.info({ signal }, stopping ? 'ending runs now' : 'stopping: runs may end first; once more to end them now');
      if (stopping) for (const each of stops) process.off(each, onSignal);
      (stopping ? daemon.stopNow() : daemon.stop()).then(resolve, reject);
      stopping = true;
    };
    for (const signal of stops) process.on(signal, onSignal);
  });
  logger.info('stopped');
}
