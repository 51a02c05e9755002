/** Keeps a store of lines fed: with those in sight, and while more come, with the newest. One request at a time. */
import type { LineList } from '../../../src/http/schema/output.ts';
import { ApiError } from '../api/request.ts';
import { BLOCK_LINES, blockOf, firstOf } from './line-space.ts';
import type { LineRange, LineStore } from './line-store.ts';

/** How soon the server is asked for what is new: sooner while there is something. */
const SOON_MS = 200;
const LATER_MS = 1_000;

export interface LineReading {
  readonly store: LineStore;
  /** Asks the server. */
  readonly load: (range: LineRange, signal: AbortSignal) => Promise<LineList>;
  /** Lines that are wanted and not known. */
  readonly missing: () => LineRange | null;
  /** Whether what is new is wanted now. */
  readonly isWatched: () => boolean;
  /** Called when the store has learnt something. */
  readonly onLearnt: () => void;
  readonly onConnected: (connected: boolean) => void;
}

export interface LineReader {
  /** Look whether something is missing. */
  readonly wake: () => void;
}

/**
 * Reads until the signal aborts.
 * @param onRefused given the server's refusal: nothing is read after that.
 */
export function startReading(
  reading: LineReading,
  signal: AbortSignal,
  onRefused: (error: ApiError) => void,
): LineReader {
  const timer = new Sleep();
  void read(reading, signal, timer).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    onRefused(error);
  });
  signal.addEventListener('abort', () => timer.wake(), { once: true });
  return { wake: () => timer.wake() };
}

/** Ends when it is woken, or after a time. */
class Sleep {
  #end = (): void => {};

  wake(): void {
    this.#end();
  }

  /** @returns whether the time was over. @param ms null: until it is woken. */
  start(ms: number | null): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(() => resolve(true), ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }
}

async function read(reading: LineReading, signal: AbortSignal, sleep: Sleep): Promise<void> {
  const { store, missing, isWatched } = reading;
  /** How long to wait before the next look at the end; null when one is due. */
  let rest: number | null = null;
  let quiet = SOON_MS;
  while (!signal.aborted) {
    const { counted, ended, total } = store.extent.peek();
    const wanted = missing();
    if (wanted === null && counted && (ended || !isWatched())) {
      await sleep.start(null);
    } else if (wanted === null && counted && rest !== null) {
      if (await sleep.start(rest)) rest = null;
    } else {
      const learnt = await ask(reading, wanted ?? tail(total), signal);
      if (learnt === null) await sleep.start(LATER_MS);
      else if (wanted === null) {
        quiet = learnt.total > total ? SOON_MS : Math.min(LATER_MS, quiet * 1.5);
        rest = quiet;
      }
    }
  }
}

/** The block that grows, and the next. */
const tail = (total: number): LineRange => ({ from: firstOf(blockOf(Math.max(1, total))), count: 2 * BLOCK_LINES });

/** Null when it failed for now. @throws ApiError when the server refuses. */
async function ask(
  { store, load, onLearnt, onConnected }: LineReading,
  range: LineRange,
  signal: AbortSignal,
): Promise<LineList | null> {
  try {
    const list = await load(range, signal);
    if (signal.aborted) return null;
    store.take(list);
    onConnected(true);
    onLearnt();
    return list;
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError)) return null;
    if (error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
    onConnected(false);
    return null;
  }
}
