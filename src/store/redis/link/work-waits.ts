/**
 * Idle workers: who waits for work, and the calls that block for them.
 *
 * A queue's marker, `m:<queue>`, is there while there may be work; whoever pops it looks. So one submit wakes one process,
 * and its claim puts the marker back while more is there.
 *
 * A wait:          asking ──► waiting ──► done (work, abort, 5 s, a link that came back)
 * A blocked call:  blocking ⇄ blocking again, while somebody waits for its queues ──► its connection is idle
 *
 * A call that blocks cannot be taken back. When nobody waits any more it goes on until it ends; the next wait for the
 * same queues finds it there, and a marker that it pops for nobody is put back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { JobschedError } from '../../../errors.ts';
import { backoff, CONNECT_MS, type Redis } from './client.ts';

/** A hint may be lost; a sweep after so long is the guarantee. */
const LONGEST_WAIT_MS = 5_000;
const BLOCK_SECONDS = 4;
/** How much later than it should a blocked call may come back before its connection is taken for dead. */
const GRACE_MS = 2_000;

export interface WorkWaitsOptions {
  readonly prefix: string;
  /** A client that is not connected yet. */
  readonly newClient: () => Redis;
  /** Adds a marker again. */
  readonly putBack: (key: string) => Promise<void>;
}

interface Waiter {
  /** Names the queues as a set. */
  readonly set: string;
  readonly queues: readonly string[];
  readonly wake: () => void;
}

export class WorkWaits {
  readonly #options: WorkWaitsOptions;
  readonly #waiters = new Set<Waiter>();
  /** The sets of queues that a call blocks on. */
  readonly #blocked = new Set<string>();
  readonly #clients = new Set<Redis>();
  #idle: Redis | null = null;
  #closed = false;

  constructor(options: WorkWaitsOptions) {
    this.#options = options;
  }

  /**
   * Resolves as `Store.waitForWork` says. While there is no link to Redis it resolves after 5 s, or when the link is back.
   * @param hasWork asks whether there is some already. @throws what it throws and is no trouble of the engine's.
   */
  async wait(queues: readonly string[], signal: AbortSignal, hasWork: () => Promise<boolean>): Promise<void> {
    if (signal.aborted || this.#closed) return;
    await new Promise<void>((resolve, reject) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiters.delete(waiter);
        resolve();
      };
      // oxlint-disable-next-line unicorn/no-array-sort -- sorts a copy
      const waiter = { set: [...queues].sort().join('\n'), queues, wake };
      const timer = setTimeout(wake, LONGEST_WAIT_MS);
      signal.addEventListener('abort', wake);
      this.#waiters.add(waiter);
      this.#look(waiter, hasWork).catch((error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        wake();
      });
    });
  }

  /** The link was lost meanwhile, and what it would have told. */
  wakeAll(): void {
    for (const { wake } of this.#waiters) wake();
  }

  /** Lets every waiter go, now and from now on. */
  close(): void {
    this.#closed = true;
    this.wakeAll();
    for (const client of this.#clients) client.disconnect();
  }

  async #look(waiter: Waiter, hasWork: () => Promise<boolean>): Promise<void> {
    try {
      if (await hasWork()) waiter.wake();
    } catch (error) {
      // Its wait ends when the link is back, and in time.
      if (error instanceof JobschedError) return;
      throw error;
    }
    if (this.#waiters.has(waiter) && !this.#blocked.has(waiter.set)) await this.#block(waiter);
  }

  async #block({ set, queues }: Waiter): Promise<void> {
    this.#blocked.add(set);
    const keys = queues.map((queue) => `${this.#options.prefix}m:${queue}`);
    let failures = 0;
    while (this.#isWanted(set)) {
      const client = this.#takeClient();
      try {
        const popped = await watched(client, keys);
        this.#leaveClient(client);
        failures = 0;
        if (popped !== null) await this.#pass(popped);
      } catch {
        this.#drop(client);
        if (!this.#closed) await sleep(backoff(++failures));
      }
    }
    this.#blocked.delete(set);
  }

  #isWanted(set: string): boolean {
    return !this.#closed && this.#waiters.values().some((waiter) => waiter.set === set);
  }

  async #pass(key: string): Promise<void> {
    const queue = key.slice(this.#options.prefix.length + 2);
    const woken = [...this.#waiters].filter(({ queues }) => queues.includes(queue));
    for (const { wake } of woken) wake();
    if (woken.length === 0) await this.#options.putBack(key).catch(() => undefined);
  }

  #takeClient(): Redis {
    const client = this.#idle ?? this.#options.newClient();
    if (client !== this.#idle) client.on('error', () => undefined);
    this.#idle = null;
    this.#clients.add(client);
    return client;
  }

  /** One is kept for the next wait. */
  #leaveClient(client: Redis): void {
    if (this.#idle === null && !this.#closed) this.#idle = client;
    else this.#drop(client);
  }

  #drop(client: Redis): void {
    this.#clients.delete(client);
    client.disconnect();
  }
}

/** The key of the marker that was popped, or null after some seconds. @throws Error when the connection does not do. */
async function watched(client: Redis, keys: readonly string[]): Promise<string | null> {
  if (client.status !== 'ready') await inTime(client.connect(), CONNECT_MS + GRACE_MS);
  const reply = await inTime(client.bzpopmin(...keys, BLOCK_SECONDS), BLOCK_SECONDS * 1_000 + GRACE_MS);
  return reply === null ? null : reply[0];
}

async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('a blocking call did not come back')), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
