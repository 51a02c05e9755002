/** The engines that the suite runs on. A new one joins by a line here, and by nothing else. */
import { join } from 'node:path';
import type { Instant, Millis } from '../../src/domain/instant.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { fakeClock } from '../support/clock.ts';
import { temporaryFolder } from '../support/folder.ts';

export interface Engine {
  readonly name: string;
  /** A new, empty store on a clock that stands at `START`. */
  open(): Promise<Opened>;
}

export interface Opened {
  readonly store: Store;
  /** The engine's. It stands still until it is moved. */
  readonly clock: { set(now: Instant): void; advance(by: Millis): void };
  /** Closes the store and opens again what it kept, as a restarted process would. */
  reopen(): Promise<Store>;
  /** Closes the store and removes all of it. */
  dispose(): Promise<void>;
}

export const ENGINES: readonly Engine[] = [{ name: 'sqlite', open: openSqlite }];

async function openSqlite(): Promise<Opened> {
  const folder = await temporaryFolder();
  const clock = fakeClock();
  const open = (): Promise<Store> => openStore({ kind: 'sqlite', file: join(folder.path, 'jobsched.db'), clock });
  let store = await open();
  return {
    store,
    clock,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    dispose: async () => {
      await store.close();
      await folder.remove();
    },
  };
}
