/**
 * The link between the store and Redis.
 *
 *   connecting ──► checking ──► open ──► (lost) ──► connecting …      for ever
 *                     └──► refused, until what lies there is ours again (so when a script finds that it is not)
 *   any ──► closed
 *
 * Every call can be repeated (design section 4), so a call that fails for the link, or since Redis is failing over, is
 * repeated for a while (`patience.ts`); then it throws, since a caller that waits is worse off than one that knows. One
 * connection carries all commands and, in order with their replies, the hints; idle workers block on others, see
 * `work-waits.ts`.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { systemClock, type Clock } from '../../../clock.ts';
import { JobschedError } from '../../../errors.ts';
import type { Millis } from '../../../domain/instant.ts';
import type { Hint } from '../../store.ts';
import { describe, urlWithoutPassword, type RedisAddress } from './address.ts';
import { newClient, SILENCE_MS, untilConnected, type Redis } from './client.ts';
import type { Durability } from './durability.ts';
import { Gate } from './gate.ts';
import { enter, isGone, mustBeSame, SCHEMA, serverId, type Asker, type Place } from './installation.ts';
import type { Command, RedisLink } from './link.ts';
import { hintsOf, MISSED } from './hints.ts';
import { HintListeners } from '../../hint-listeners.ts';
import { Patience, PATIENCE_MS } from './patience.ts';
import { sendAll } from './pipeline.ts';
import { Replication } from './replication.ts';
import { runScript, type Argument, type ScriptName } from './scripts.ts';
import { troubleOf, unreachable, type Trouble } from './trouble.ts';
import { WorkWaits } from './work-waits.ts';

export interface RedisOptions {
  readonly address: RedisAddress;
  /** Tells installations apart that share a Redis: all keys begin with it, in braces. Letters, digits and `-_.:`. */
  readonly prefix?: string;
  /** A test's time, which the engine takes for its own. Default: Redis's clock. */
  readonly clock?: Clock;
  /** Up to which version of the data they are known; a test's. Default: what this program knows. */
  readonly schema?: number;
  /** When something is acknowledged. Default: `engine`. */
  readonly durability?: Durability;
  /**
   * Takes what no caller is told of: a link that was lost, a setting that endangers the data, a bug in a listener.
   * Default: a warning of the process.
   */
  readonly report?: (fault: unknown) => void;
  /** Called with a sentence when something that `report` told of has passed. */
  readonly recovered?: (news: string) => void;
}

/** @param another whether it may be another server. @param lostAt when the link was lost, by the monotonic clock. */
type Returned = (another: boolean, lostAt: Millis) => void;

/** What the store asks of its connection beyond its calls. */
export interface RedisConnection extends RedisLink {
  /** For people. */
  readonly location: string;
  readonly flags: readonly string[];
  health(): Promise<void>;
  close(): Promise<void>;
  subscribe(listener: (hint: Hint) => void): () => void;
  waitForWork(queues: readonly string[], signal: AbortSignal): Promise<void>;
  /** The listener is called when Redis answers again after the link was lost. */
  onReturn(listener: Returned): void;
}

export const USUAL_PREFIX = 'js';

/** @throws JobschedError in the words of `trouble.ts` and `installation.ts`: no Redis there, no way in, none that will do. */
export async function connect(options: RedisOptions): Promise<RedisConnection> {
  const connection = new Connection(options);
  try {
    await connection.start();
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class Connection implements RedisConnection {
  readonly prefix: string;
  readonly location: string;
  readonly flags: readonly string[];
  readonly #place: Place;
  readonly #clock: Clock | null;
  readonly #report: (fault: unknown) => void;
  readonly #recovered: (news: string) => void;
  readonly #client: Redis;
  /** What waits for replicas goes this way; null when nothing does. */
  readonly #replication: Replication | null;
  readonly #gate: Gate;
  readonly #listeners: HintListeners;
  readonly #waits: WorkWaits;
  readonly #patience: Patience;
  /** Of the installation; null before the first check. */
  #id: string | null = null;
  /** Which server answers; empty when it does not tell. */
  #server = '';
  #onReturn: Returned = () => undefined;
  /** The last thing that went wrong with the connection itself. */
  #fault: Error | null = null;
  /** Whether a write has been refused since the engine was last known to be well. */
  #refusedWrite = false;
  #closed = false;

  constructor(options: RedisOptions) {
    const { address, prefix = USUAL_PREFIX, clock, report = warn, recovered = () => undefined } = options;
    this.prefix = `{${prefix}}:`;
    this.location = `redis ${describe(address)}, prefix ${prefix}`;
    const named = prefix === USUAL_PREFIX ? [] : ['--redis-prefix', prefix];
    this.flags = ['--redis-url', urlWithoutPassword(address), ...named];
    this.#place = { address: describe(address), prefix: this.prefix, schema: options.schema ?? SCHEMA, report };
    this.#clock = clock ?? null;
    this.#report = report;
    this.#recovered = recovered;
    this.#listeners = new HintListeners(report);
    this.#client = newClient(address, { name: 'jobsched', prefix: this.prefix, silenceMs: SILENCE_MS });
    this.#gate = new Gate(systemClock.monotonic, PATIENCE_MS, this.#lost().error);
    this.#patience = new Patience(this.#gate, this.#place.address, (trouble) => this.#note(trouble));
    this.#replication = options.durability === 'replica' ? this.#newReplication(address) : null;
    const newBlocking = (): Redis =>
      newClient(address, { name: 'jobsched-idle', prefix: this.prefix, silenceMs: null });
    this.#waits = new WorkWaits({ prefix: this.prefix, newClient: newBlocking, putBack: (key) => this.#putBack(key) });
  }

  /** Connects for the first time: whatever is in the way is thrown, and not waited for. */
  async start(): Promise<void> {
    const client = this.#client;
    client.on('error', (error: Error) => this.#failed(error));
    client.on('close', () => this.#shut());
    client.on('message', (_channel: string, message: string) => this.#listeners.tell(...hintsOf(message)));
    try {
      await client.connect();
    } catch (error) {
      throw this.#translate(this.#fault ?? error);
    }
    // A database that is not there: ioredis goes on in database 0.
    if (this.#fault?.name === 'ReplyError') throw this.#translate(this.#fault);
    await this.#check(true);
    await this.#replication?.start().catch((error: unknown) => {
      throw this.#translate(error);
    });
    client.on('ready', () => void this.#back());
    client.on('end', () => void untilConnected(client, () => this.#closed));
    if (client.status !== 'ready') throw this.#lost().error;
  }

  async now(): Promise<number> {
    if (this.#clock !== null) return this.#clock.now();
    const [time] = await this.read([['TIME']]);
    const [seconds, micros] = Array.isArray(time) ? time.map(Number) : [];
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  run(script: ScriptName, ...parameters: readonly Argument[]): Promise<unknown> {
    const replication = this.#replication?.takes(script) === true ? this.#replication : null;
    return this.#call(() =>
      replication === null ? this.#script(this.#client, script, parameters) : replication.run(script, parameters),
    );
  }

  read(commands: readonly Command[]): Promise<unknown[]> {
    return this.#call(() => sendAll(this.#client, commands, 'call'));
  }

  readBytes(commands: readonly Command[]): Promise<unknown[]> {
    return this.#call(() => sendAll(this.#client, commands, 'callBuffer'));
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#listeners.add(listener);
  }

  onReturn(listener: Returned): void {
    this.#onReturn = listener;
  }

  async waitForWork(queues: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#waits.wait(queues, signal, async () => (await this.run('has-work', ...queues)) === 1);
  }

  async health(): Promise<void> {
    try {
      await this.#call(() => mustBeSame(this.#asker(), this.#place, this.#id ?? ''));
    } catch (error) {
      if (error instanceof JobschedError) this.#doubt(error);
      throw error;
    }
    if (this.#refusedWrite) await this.run('probe');
    this.#refusedWrite = false;
    await this.#call(async () => this.#replication?.check());
  }

  async close(): Promise<void> {
    // What was asked in this turn of the event loop is sent at its end (batch.ts), and still counts.
    await nextTurn();
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#waits.close();
    await this.#patience.settled();
    this.#replication?.close();
    this.#client.disconnect();
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new JobschedError('engine_unavailable', 'The store has been closed.');
    return this.#patience.call(send);
  }

  #note({ error, moved }: Trouble): void {
    if (error.code === 'engine_full' || error.code === 'engine_read_only') this.#refusedWrite = true;
    if (!moved) return;
    if (this.#client.status === 'ready') this.#client.disconnect(true);
    this.#replication?.reconnect();
  }

  async #script(client: Redis, script: ScriptName, parameters: readonly Argument[]): Promise<unknown> {
    try {
      return await runScript(client, script, this.prefix, [this.#time(), ...parameters]);
    } catch (error) {
      if (isGone(error)) await this.#sayWhatIsGone();
      throw error;
    }
  }

  /** What every script gets first: see lua/lib/engine.lua. */
  #time(): string {
    return `${this.#id ?? ''}/${this.#place.schema}@${this.#clock?.now() ?? ''}`;
  }

  #newReplication(address: RedisAddress): Replication {
    return new Replication({
      client: newClient(address, { name: 'jobsched-replicated', prefix: this.prefix, silenceMs: SILENCE_MS }),
      prefix: this.prefix,
      address: this.#place.address,
      time: () => this.#time(),
      send: (client, script, parameters) => this.#script(client, script, parameters),
      report: this.#report,
      recovered: () => this.#recovered('a replica of Redis has everything again'),
    });
  }

  /** @throws JobschedError what lies there now; from then on all calls do, until our data is back. */
  async #sayWhatIsGone(): Promise<void> {
    try {
      await mustBeSame(this.#asker(), this.#place, this.#id ?? '');
    } catch (error) {
      if (error instanceof JobschedError) this.#doubt(error);
      throw error;
    }
  }

  /** The connection is there: looks what lies behind it, then lets calls through. */
  async #check(first: boolean): Promise<void> {
    try {
      if (first) this.#id = await enter(this.#asker(), this.#place);
      else await mustBeSame(this.#asker(), this.#place, this.#id ?? '');
      await this.#client.subscribe(`${this.prefix}hints`);
      const before = this.#server;
      this.#server = await serverId(this.#asker());
      const wasShut = !this.#gate.isOpen;
      const lostAt = wasShut ? this.#gate.shutSince : systemClock.monotonic();
      this.#gate.open();
      if (first) return;
      if (wasShut) this.#recovered('Redis is there again');
      this.#listeners.tell(...MISSED);
      this.#waits.wakeAll();
      this.#onReturn(this.#server === '' || this.#server !== before, lostAt);
    } catch (error) {
      if (first) throw this.#translate(error);
      throw error;
    }
  }

  /** After a loss. Asks again while Redis is loading, or holds other data than ours. */
  async #back(): Promise<void> {
    const { status } = this.#client;
    try {
      if (status === 'ready') await this.#check(false);
    } catch (error) {
      const trouble = troubleOf(error, this.#place.address);
      if (trouble === null) this.#report(error);
      else this.#refuse(trouble.error, trouble.passes);
      await sleep(1_000, undefined, { ref: false });
      if (!this.#closed && this.#client.status === 'ready' && !this.#gate.isOpen) void this.#back();
    }
  }

  /** Of the connection itself. A wrong password is known here, and nowhere else. */
  #failed(error: Error): void {
    this.#fault = error;
    const trouble = troubleOf(error, this.#place.address) ?? this.#lost();
    if (this.#id === null || this.#closed) return;
    // Whoever logs in to the wrong database is not to work there.
    if (error.name === 'ReplyError' && this.#client.status === 'connect') this.#client.disconnect(true);
    this.#refuse(trouble.error, trouble.passes);
  }

  /** The link may be there all the same: then nobody else would look whether this has passed. */
  #doubt(error: JobschedError): void {
    const wasOpen = this.#gate.isOpen;
    this.#refuse(error);
    if (wasOpen) void this.#back();
  }

  #shut(): void {
    if (this.#closed || this.#id === null || !this.#gate.isOpen) return;
    this.#refuse(this.#lost().error, true);
  }

  #refuse(error: JobschedError, passes = false): void {
    if (this.#closed) return;
    if (this.#gate.trouble?.message !== error.message) this.#report(error);
    this.#gate.shut(error, passes);
  }

  #lost(): Trouble {
    return unreachable(this.#fault ?? new Error('the connection was lost'), this.#place.address);
  }

  #translate(error: unknown): unknown {
    return troubleOf(error, this.#place.address)?.error ?? error;
  }

  #asker(): Asker {
    return {
      command: (name, ...parameters) => this.#client.call(name, ...parameters),
      openSchema: (version, id) => this.#script(this.#client, 'open', [version, id]),
    };
  }

  async #putBack(key: string): Promise<void> {
    await this.#call(() => this.#client.call('ZADD', key, '0', 'w'));
  }
}

function warn(fault: unknown): void {
  process.emitWarning(fault instanceof Error ? fault : String(fault));
}
