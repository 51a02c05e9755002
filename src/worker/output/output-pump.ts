/**
 * Sends the output of all running attempts to the store: at most one call under way, at most ten a second, each for as
 * many attempts as have something to send. What a command writes in its last tenth of a second goes with its end.
 */
import type { Clock } from '../../clock.ts';
import type { WorkerId } from '../../domain/id.ts';
import type { Millis } from '../../domain/instant.ts';
import type { Held } from '../../store/leases.ts';
import type { OutputChunk } from '../../store/output.ts';
import { MOST_ITEMS, type Store } from '../../store/store.ts';
import { Backoff } from '../backoff.ts';
import { isFull, type Link } from '../link.ts';
import { RateLimit } from '../rate-limit.ts';
import { OutputChannel, sizeOf } from './output-channel.ts';

const EVERY: Millis = 100;
const BYTES_PER_SECOND = 8 * 1024 * 1024;
/** In one call: it must not hold up the store. */
const BYTES_PER_CALL = 1024 * 1024;
/**
 * What all attempts together may hold, also while the store is away and with ends that wait to be told. Beyond it the
 * longest tail is shortened. Heads are never shed: they are a quarter of each limit at most.
 */
export const MOST_HELD = 64 * 1024 * 1024;

export interface OutputPumpOptions {
  readonly store: Pick<Store, 'appendOutput'>;
  readonly owner: WorkerId;
  readonly clock: Clock;
  readonly link: Link;
  /** The store says that the attempt is not ours any more. */
  readonly onLost: (held: Held) => void;
}

export class OutputPump {
  readonly #options: OutputPumpOptions;
  readonly #rate: RateLimit;
  readonly #backoff = new Backoff();
  /** In the order in which they have their turn. */
  readonly #channels = new Set<OutputChannel>();
  /** In bytes, of all channels and of the last pieces of those that are closed. */
  #held = 0;
  #timer: NodeJS.Timeout | null = null;
  #calling = false;
  #stopped = false;

  constructor(options: OutputPumpOptions) {
    this.#options = options;
    this.#rate = new RateLimit(options.clock, BYTES_PER_SECOND, BYTES_PER_CALL);
  }

  /** @param limit the job's `outputLimitBytes`. */
  open(held: Held, limit: number): OutputChannel {
    const channel = new OutputChannel(held, limit, this.#options.clock, {
      written: () => this.#written(),
      grown: (bytes) => (this.#held += bytes),
    });
    this.#channels.add(channel);
    void channel.last.then(() => this.#channels.delete(channel));
    return channel;
  }

  /** After a channel was closed: what is left of it need not wait for its turn. */
  hurry(): void {
    this.#schedule(0);
  }

  /** Sends no more. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #written(): void {
    while (this.#held > MOST_HELD && this.#shed(this.#held - MOST_HELD));
    this.#schedule(EVERY);
  }

  /** @returns whether there was anything to shed. */
  #shed(bytes: number): boolean {
    let longest: OutputChannel | null = null;
    for (const channel of this.#channels) if (channel.tail > (longest?.tail ?? 0)) longest = channel;
    longest?.shed(bytes);
    return longest !== null;
  }

  #schedule(delay: Millis): void {
    if (this.#stopped || this.#calling || (this.#timer && delay > 0)) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, delay);
  }

  async #send(): Promise<void> {
    const chunks = this.#collect();
    if (chunks.size === 0) return this.#again(EVERY);
    this.#calling = true;
    const pause = await this.#call(chunks);
    this.#calling = false;
    this.#again(pause);
  }

  /** @returns how long to pause. */
  async #call(chunks: ReadonlyMap<OutputChannel, OutputChunk>): Promise<Millis> {
    const { store, owner, link } = this.#options;
    try {
      const results = await store.appendOutput(owner, [...chunks.values()]);
      link.works();
      this.#backoff.reset();
      for (const [index, channel] of [...chunks.keys()].entries()) this.#answer(channel, results[index] === 'lost');
      return [...this.#channels].some(({ closing }) => closing) ? 0 : EVERY;
    } catch (error) {
      link.failed(error);
      // A full disk stops no command: what cannot be kept is a gap.
      if (isFull(error)) for (const channel of chunks.keys()) channel.discard();
      return this.#backoff.next();
    }
  }

  #answer(channel: OutputChannel, lost: boolean): void {
    channel.answered();
    if (lost) this.#options.onLost(channel.held);
  }

  #collect(): Map<OutputChannel, OutputChunk> {
    const chunks = new Map<OutputChannel, OutputChunk>();
    let left = Math.min(BYTES_PER_CALL, this.#rate.allowance());
    for (const channel of this.#channels) {
      if (chunks.size >= MOST_ITEMS || left <= 0) break;
      const chunk = channel.next(left);
      if (!chunk) continue;
      chunks.set(channel, chunk);
      left -= sizeOf(chunk);
      this.#rate.spend(sizeOf(chunk));
    }
    for (const channel of chunks.keys()) this.#toTheBack(channel);
    return chunks;
  }

  #toTheBack(channel: OutputChannel): void {
    this.#channels.delete(channel);
    this.#channels.add(channel);
  }

  #again(pause: Millis): void {
    if ([...this.#channels].some(({ waiting, unanswered }) => waiting > 0 || unanswered)) this.#schedule(pause);
  }
}
