/**
 * The scheduler: fires the slots that have come. Any number of them may run; the store's compare-and-set sees to it that
 * a slot is fired once.
 *
 *   stopped ──start──► ticking ──► asleep ──timer, hint──► ticking … ──stop──► stopped
 *
 * It sleeps until the next slot, delayed run or lapse comes. A sleep takes at most 5 s, and 1 s while leases exist, so
 * that a clock that jumped or a hint that got lost costs no more than that, and so that the engine can tell its own
 * outage from a worker's (`store/leases.ts`).
 */
import type { Clock } from '../clock.ts';
import type { JobId } from '../domain/id.ts';
import { SECOND, type Instant, type Millis } from '../domain/instant.ts';
import { JobschedError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Health, Service } from '../service.ts';
import { MOST_ITEMS, type Store } from '../store/store.ts';
import type { FireResult, Firing, Tick } from '../store/schedules.ts';
import { planFirings, portionsOf } from './firings.ts';
import { Rounds } from './rounds.ts';

const LONGEST_SLEEP: Millis = 5 * SECOND;
const LONGEST_SLEEP_WITH_LEASES: Millis = SECOND;
/** After a round that got nowhere: what keeps it from moving on is not mended by asking faster. */
export const SLEEP_WITHOUT_PROGRESS: Millis = SECOND;

/** After these the next round finds less to do. */
const PROGRESS: ReadonlySet<FireResult['status']> = new Set(['fired', 'more', 'stale']);

export interface SchedulerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Scheduler implements Service {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rounds = new Rounds(() => this.#round());
  #unsubscribe: () => void = () => {};
  /** Jobs whose slots could not be fired, at which version. */
  readonly #failed = new Map<JobId, number>();
  /** What the engine last said instead of doing its work, so that it is reported once and not every round. */
  #trouble: string | null = null;

  constructor({ store, clock, logger }: SchedulerOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    if (this.#rounds.running) return;
    void this.#rounds.start();
    if (!this.#rounds.running) return;
    this.#unsubscribe = this.#store.subscribe(({ kind }) => {
      if (kind === 'schedule') this.#rounds.ring();
    });
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
    this.#unsubscribe();
  }

  /** Whether it does its work, for `/readyz`. */
  health(): Health {
    if (!this.#rounds.running) return { ready: false, detail: 'not running' };
    const trouble = this.#trouble;
    return trouble === null ? { ready: true, detail: 'fires slots' } : { ready: false, detail: trouble };
  }

  /** One tick and what follows from it. @returns how long to sleep. */
  async #round(): Promise<Millis> {
    const began = this.#clock.monotonic();
    try {
      const tick = await this.#store.tick(MOST_ITEMS);
      const { progress, nextAt } = await this.#fire(tick);
      this.#reportEngine(null);
      this.#reportLeases(tick);
      return progress ? sleepAfter({ ...tick, nextAt }, this.#clock.monotonic() - began) : SLEEP_WITHOUT_PROGRESS;
    } catch (error) {
      this.#reportEngine(error);
      return SLEEP_WITHOUT_PROGRESS;
    }
  }

  /** @returns whether the round left less to do than it found, and what comes next, the slots that it set among it. */
  async #fire(tick: Tick): Promise<{ readonly progress: boolean; readonly nextAt: Instant | null }> {
    let { nextAt } = tick;
    if (tick.due.length === 0) return { progress: true, nextAt };
    const firings = planFirings(tick, this.#logger);
    const results: FireResult[] = [];
    for (const portion of portionsOf(firings)) results.push(...(await this.#store.fire(portion)));
    for (const [index, result] of results.entries()) {
      const firing = firings[index];
      if (firing === undefined) continue;
      if (result.status === 'failed') this.#reportFailed(firing, result.error);
      if (result.status === 'more') nextAt = tick.now;
      if (result.status !== 'fired') continue;
      if (firing.next !== null) nextAt = Math.min(firing.next, nextAt ?? firing.next);
      const late = tick.now - firing.slot;
      this.#logger.debug({ job: firing.job, runs: result.runs, skipped: result.skipped, late }, 'slot fired');
    }
    return { progress: results.some(({ status }) => PROGRESS.has(status)), nextAt };
  }

  /** Once for each version of a job: it is tried again at every round. */
  #reportFailed({ job, version }: Firing, error: unknown): void {
    if (this.#failed.get(job) === version) return;
    this.#failed.set(job, version);
    this.#logger.error({ job, err: error }, 'slot cannot be fired: this is a bug');
  }

  #reportLeases({ flagged, lost }: Tick): void {
    for (const run of flagged) this.#logger.warn({ run }, 'worker out of contact');
    for (const run of lost) this.#logger.warn({ run }, 'attempt given up as lost');
  }

  #reportEngine(error: unknown): void {
    const before = this.#trouble;
    this.#trouble = error === null ? null : messageOf(error);
    if (error === null) {
      if (before !== null) this.#logger.info('storage answers again; firing goes on');
    } else if (!(error instanceof JobschedError)) {
      this.#logger.error({ err: error }, 'firing failed: this is a bug');
    } else if (before === null) {
      this.#logger.error({ err: error }, 'cannot fire');
    }
  }
}

/** @param elapsed since the tick was asked for: the engine's clock has moved on by at most that. */
export function sleepAfter(tick: Pick<Tick, 'now' | 'nextAt' | 'leases'>, elapsed: Millis): Millis {
  const longest = tick.leases ? LONGEST_SLEEP_WITH_LEASES : LONGEST_SLEEP;
  if (tick.nextAt === null) return longest;
  return Math.min(longest, Math.max(0, tick.nextAt - tick.now - elapsed));
}
