/**
 * Calls are repeated while what keeps them passes by itself, for {@link PATIENCE_MS}: a link that was lost, a failover.
 * Nothing else repeats a call (design section 4).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../clock.ts';
import { JobschedError } from '../../../errors.ts';
import { backoff } from './client.ts';
import type { Gate } from './gate.ts';
import { troubleOf, type Trouble } from './trouble.ts';

/** How long a call is repeated, and waits for a link. */
export const PATIENCE_MS = 2_500;

/** Between two tries, at most. */
const LONGEST_PAUSE_MS = 250;

export class Patience {
  readonly #gate: Gate;
  readonly #address: string;
  readonly #note: (trouble: Trouble) => void;
  readonly #calls = new Set<Promise<unknown>>();

  /** @param address for people. @param note hears of every trouble that a call met. */
  constructor(gate: Gate, address: string, note: (trouble: Trouble) => void) {
    this.#gate = gate;
    this.#address = address;
    this.#note = note;
  }

  /**
   * @throws JobschedError for a trouble that did not pass in time, `mayBeDone` when a reply was lost meanwhile; whatever
   *   `send` throws that is none.
   */
  async call<T>(send: () => Promise<T>): Promise<T> {
    const call = this.#repeat(send);
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Resolves when none of the calls made so far is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#calls);
  }

  async #repeat<T>(send: () => Promise<T>): Promise<T> {
    let deadline: number | null = null;
    let lostReply = false;
    const told = (error: JobschedError): JobschedError => (lostReply ? mayBeDone(error) : error);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#gate.pass(deadline ?? systemClock.monotonic() + PATIENCE_MS);
      } catch (error) {
        throw error instanceof JobschedError ? told(error) : error;
      }
      try {
        return await send();
      } catch (error) {
        lostReply ||= isLostReply(error);
        const trouble = troubleOf(error, this.#address);
        if (trouble === null) throw error;
        this.#note(trouble);
        deadline ??= systemClock.monotonic() + PATIENCE_MS;
        const pause = Math.min(backoff(attempt), LONGEST_PAUSE_MS);
        if (!trouble.passes || systemClock.monotonic() + pause > deadline) throw told(trouble.error);
        await sleep(pause);
      }
    }
  }
}

/** Whether the call was sent, and the link lost before its reply. */
function isLostReply(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof JobschedError || error.name === 'ReplyError') return false;
  return !error.message.includes("Stream isn't writeable");
}

/** What is in the way may be everybody's: it stays as it is. */
function mayBeDone({ code, message, hint, cause }: JobschedError): JobschedError {
  return new JobschedError(code, message, { ...(hint !== null && { hint }), cause, mayBeDone: true });
}
