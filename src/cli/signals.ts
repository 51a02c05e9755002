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

  const first = await next(stops);
  logger.info({ signal: first }, 'stopping: runs may end first; once more to end them now');
  const stopped = daemon.stop();
  void next(stops).then((signal) => {
    logger.warn({ signal }, 'ending runs now');
    return daemon.stopNow();
  });
  await stopped;
  logger.info('stopped');
}

/** The handlers go once one has fired, so that a signal nobody waits for any more has its usual effect. */
function next(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of signals) process.on(signal, resolve);
  return promise.finally(() => {
    for (const signal of signals) process.off(signal, resolve);
  });
}
