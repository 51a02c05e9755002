/**
 * Writes that a replica is to have before they are acknowledged (`--durability replica`).
 *
 *   script ──reply──► marked, `WAIT 1` ──a replica has it──► acknowledged
 *                                      └─none in time──► refused, or acknowledged all the same: see `durability.ts`
 *
 * They go over a connection of their own, since Redis answers nothing on it while it waits: reads and renewals of leases
 * are not to wait with it. Script and `WAIT` need the same connection, or it could be another server that confirms: one
 * that was lost in between has its script repeated. One `WAIT` is under way at a time, for all that came before it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Millis } from '../../../domain/instant.ts';
import { JobschedError } from '../../../errors.ts';
import { untilConnected, type Redis } from './client.ts';
import { WAITS_FOR_REPLICA } from './durability.ts';
import { sendAll } from './pipeline.ts';
import { sourceOf, type Argument, type ScriptName } from './scripts.ts';

/** For how long a replica that confirmed the last time is waited for. */
const CONFIRM_MS: Millis = 2_000;
/** The same of one that did not: it is away, and every call would wait. */
const CONFIRM_AGAIN_MS: Millis = 250;

export interface ReplicationOptions {
  /** Of its own, and not connected yet. */
  readonly client: Redis;
  /** Of all keys, with its braces. */
  readonly prefix: string;
  /** As {@link describe} in address.ts says it. */
  readonly address: string;
  /** What every script gets first: see lua/lib/engine.lua. */
  readonly time: () => string;
  /** Sends a script over a connection. */
  readonly send: (client: Redis, script: ScriptName, parameters: readonly Argument[]) => Promise<unknown>;
  /** Told when replicas begin to be away. */
  readonly report: (fault: JobschedError) => void;
  /** Told when one is there again. */
  readonly recovered: () => void;
}

export class Replication {
  readonly #options: ReplicationOptions;
  /** Rises whenever the connection is lost. */
  #epoch = 0;
  /** The `WAIT` that is under way. */
  #asking: Promise<unknown> = Promise.resolve();
  /** The next one, which is not sent yet: whoever comes joins it. */
  #next: Promise<boolean> | null = null;
  #confirmed = true;
  #closed = false;

  constructor(options: ReplicationOptions) {
    this.#options = options;
    const { client } = options;
    // The store's own connection tells people of it.
    client.on('error', () => undefined);
    client.on('close', () => (this.#epoch += 1));
    client.on('end', () => void untilConnected(client, () => this.#closed));
  }

  /** Also tells when no replica is there. @throws whatever is in the way of the connection. */
  async start(): Promise<void> {
    await this.#options.client.connect();
    await this.#wait(CONFIRM_AGAIN_MS);
  }

  /** Whether this script goes this way. */
  takes(script: ScriptName): boolean {
    return WAITS_FOR_REPLICA[script] !== 'never';
  }

  /** Runs a script and waits for a replica. @throws JobschedError `not_replicated` where that must be. */
  async run(script: ScriptName, parameters: readonly Argument[]): Promise<unknown> {
    const { client, send } = this.#options;
    const epoch = this.#epoch;
    const reply = await send(client, script, parameters);
    const confirmed = await this.#confirm(epoch);
    if (!confirmed && WAITS_FOR_REPLICA[script] === 'must') throw notReplicated(this.#options.address);
    return reply;
  }

  /** Resolves when a replica has all that was written so far. @throws JobschedError `not_replicated` when none has. */
  async check(): Promise<void> {
    if (!this.#confirmed && !(await this.#confirm(this.#epoch))) throw notReplicated(this.#options.address);
  }

  /** Another server may be the one to ask. */
  reconnect(): void {
    if (this.#options.client.status === 'ready') this.#options.client.disconnect(true);
  }

  close(): void {
    this.#closed = true;
    this.#options.client.disconnect();
  }

  /** @throws Error when the connection is not the one any more that `epoch` was of: nobody knows what became of its writes. */
  async #confirm(epoch: number): Promise<boolean> {
    this.#next ??= this.#ask();
    const confirmed = await this.#next;
    if (epoch !== this.#epoch) throw new Error('the connection was lost before a replica confirmed');
    return confirmed;
  }

  async #ask(): Promise<boolean> {
    const before = this.#asking;
    const turn = Promise.withResolvers<void>();
    this.#asking = turn.promise;
    try {
      await before;
      // Replies that came together are confirmed together.
      await nextTurn();
      this.#next = null;
      return await this.#wait(this.#confirmed ? CONFIRM_MS : CONFIRM_AGAIN_MS);
    } finally {
      turn.resolve();
    }
  }

  async #wait(patience: Millis): Promise<boolean> {
    const { client, prefix, time } = this.#options;
    const [, count] = await sendAll(
      client,
      [
        ['EVAL', sourceOf('mark'), 1, prefix, time()],
        ['WAIT', 1, patience],
      ],
      'call',
    );
    this.#tell(Number(count) > 0);
    return this.#confirmed;
  }

  #tell(confirmed: boolean): void {
    if (confirmed === this.#confirmed) return;
    this.#confirmed = confirmed;
    if (confirmed) this.#options.recovered();
    else this.#options.report(alone(this.#options.address));
  }
}

function notReplicated(address: string): JobschedError {
  return new JobschedError(
    'not_replicated',
    `Redis at ${address} has done it, but no replica has confirmed it in time.`,
    {
      hint: 'Ask again with the same Idempotency-Key once a replica follows: nothing is done twice. Runs go on meanwhile.',
      mayBeDone: true,
    },
  );
}

function alone(address: string): JobschedError {
  return new JobschedError(
    'not_replicated',
    `No replica of Redis at ${address} has received what was written: until one has, nothing that is asked for is acknowledged.`,
    { hint: 'Start a replica, or start jobsched without --durability replica. Runs go on meanwhile.' },
  );
}
