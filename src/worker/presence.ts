/** Tells the store that this worker lives, and at its start that others do not. */
import { SECOND, type Millis } from '../domain/instant.ts';
import { isGone } from '../instance.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { WorkerInfo, WorkerRecord } from '../store/workers.ts';
import { pause } from './at-most.ts';
import { watchedProcesses } from './executor/last-moments.ts';

const EVERY: Millis = 5 * SECOND;

interface PresenceOptions {
  readonly store: Pick<Store, 'heartbeat'>;
  readonly info: () => WorkerInfo;
  /** Somebody asked the worker to drain. Called with each heartbeat from then on. */
  readonly onDrain: () => void;
  readonly logger: Logger;
}

export class Presence {
  readonly #store: Pick<Store, 'heartbeat'>;
  readonly #info: () => WorkerInfo;
  readonly #onDrain: () => void;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor({ store, info, onDrain, logger }: PresenceOptions) {
    this.#store = store;
    this.#info = info;
    this.#onDrain = onDrain;
    this.#logger = logger;
  }

  /** @throws when the store does not take the first one. */
  async start(): Promise<void> {
    await this.#store.heartbeat(this.#info());
    this.#schedule();
  }

  /** Now rather than at the next turn: something about the worker changed. Never rejects. */
  async tell(): Promise<void> {
    try {
      if ((await this.#store.heartbeat(this.#info())) === 'drain') this.#onDrain();
    } catch (error) {
      // The claim loop tells people of a store that is away.
      this.#logger.debug({ err: error }, 'the store did not take a heartbeat');
    }
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.tell().then(() => this.#schedule()), EVERY);
  }
}

/** Until the watchdogs of dead workers are looked for again. The kernel tells nobody but a parent of an end. */
const LOOK_EVERY: Millis = 50;
/** Beyond it, whoever has that number as its process is no longer the one who died. */
const MOST_LOOKS = 200;

/**
 * Decides at once the attempts of workers that are known to be dead: all others where only one process can have the store
 * open, else those of this name and host whose process is gone. The leases of others lapse. Nothing is decided before their
 * commands have been ended, so that none runs beside its own retry.
 *
 * @param signal ends the waiting for that, and leaves the attempts to their leases.
 */
export async function buryTheDead(store: Store, self: WorkerInfo, logger: Logger, signal: AbortSignal): Promise<void> {
  const others = (await store.workers()).filter(({ id }) => id !== self.id);
  const dead = store.capabilities.exclusive ? others : others.filter((other) => isDead(other, self));
  await untilUnwatched(new Set(dead.filter((other) => isDead(other, self)).map(({ pid }) => pid)), signal);
  if (signal.aborted) return;
  for (const { id, name } of dead) {
    const runs = await store.abandon(id);
    for (const run of runs) logger.warn({ run, worker: name }, 'its worker died with it');
  }
}

async function untilUnwatched(pids: ReadonlySet<number>, signal: AbortSignal): Promise<void> {
  for (let looks = 0; pids.size > 0 && looks < MOST_LOOKS && !signal.aborted; looks++) {
    if (pids.isDisjointFrom(watchedProcesses())) return;
    await pause(LOOK_EVERY, signal);
  }
}

function isDead(other: WorkerRecord, self: WorkerInfo): boolean {
  return other.name === self.name && other.host === self.host && isGone(other, self);
}
