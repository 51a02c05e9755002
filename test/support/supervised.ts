/** A daemon that is started again whenever it ends, as systemd or a container's runtime would. */
import type { DaemonProcess } from './daemon-process.ts';

export interface Supervised extends AsyncDisposable {
  /** How many times it has ended. */
  readonly ends: number;
  /** Resolves when it has ended so many times and is ready once more. */
  readyAfter(ends: number): Promise<DaemonProcess>;
}

/** @param start resolves when the daemon is ready, and throws when it ended before. */
export function supervised(start: () => Promise<DaemonProcess>): Supervised {
  const state = { ends: 0, stopped: false, running: null as DaemonProcess | null };
  let changed = Promise.withResolvers<void>();
  const become = (change: Partial<typeof state>): void => {
    Object.assign(state, change);
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const loop = (async () => {
    while (!state.stopped) {
      const running = await start().catch(() => null);
      become({ running });
      await running?.ended;
      become({ running: null, ends: state.ends + 1 });
    }
  })();
  const readyAfter = async (ends: number): Promise<DaemonProcess> => {
    while (state.running === null || state.ends < ends) await changed.promise;
    return state.running;
  };
  return {
    get ends() {
      return state.ends;
    },
    readyAfter,
    [Symbol.asyncDispose]: async () => {
      state.stopped = true;
      await (await readyAfter(0)).end('SIGKILL');
      await loop;
    },
  };
}
