/** The stand-in as a process of its own: it goes on while its worker is frozen, and looks once a second. */
import { SECOND, type Millis } from '../../src/domain/instant.ts';
import type { StandIn } from '../../src/worker/executor/stand-in.ts';
import type { SimulatedExecutor } from './children.ts';
import type { Entry, Timeline } from './timeline.ts';

const LOOKS_EVERY: Millis = SECOND;

export class SimulatedStandIn implements StandIn {
  readonly #timeline: Timeline;
  readonly #executor: SimulatedExecutor;
  readonly #allowed = new Map<number, readonly Entry[]>();

  constructor(timeline: Timeline, executor: SimulatedExecutor) {
    this.#timeline = timeline;
    this.#executor = executor;
  }

  allow(group: number, termMs: Millis, killMs: Millis): void {
    this.forget(group);
    const at = (ms: Millis, signal: 'SIGTERM' | 'SIGKILL'): Entry =>
      this.#timeline.after(Math.ceil(Math.max(0, ms) / LOOKS_EVERY) * LOOKS_EVERY, () =>
        this.#executor.signal(group, signal),
      );
    const kill = at(killMs, 'SIGKILL');
    this.#allowed.set(group, termMs < killMs ? [at(termMs, 'SIGTERM'), kill] : [kill]);
  }

  forget(group: number): void {
    for (const entry of this.#allowed.get(group) ?? []) entry.cancelled = true;
    this.#allowed.delete(group);
  }

  close(): Promise<void> {
    for (const group of this.#allowed.keys()) this.forget(group);
    return Promise.resolve();
  }
}
