/**
 * A process that is simulated: product code runs in it as it is, on its own clocks and timers.
 *
 *   running ──freeze──► frozen ──thaw──► running        what was to happen meanwhile happens then
 *      └──kill──► dead                                  nothing of it happens any more
 *
 * Whose code is running is told by the asynchronous context, which goes with every await and callback: the timers and the
 * random numbers that code asks the global object for are then its process's. All other code gets the real ones.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../src/clock.ts';
import type { Instant, Millis } from '../../src/domain/instant.ts';
import type { Chance } from './chance.ts';
import type { Entry, Timeline } from './timeline.ts';

const current = new AsyncLocalStorage<SimulatedProcess | null>();

export interface ProcessClock {
  /** How many milliseconds its clocks go in one of simulated time: 1 but for some thousandths. */
  readonly rate: number;
  /** What the wall clock shows at the beginning. */
  readonly wall: Instant;
  /** What the monotonic clock shows at the beginning. */
  readonly monotonic: Millis;
}

/** Frozen from then to then; Infinity while it is. */
export interface Freeze {
  readonly from: Millis;
  to: Millis;
}

export class SimulatedProcess {
  readonly name: string;
  readonly chance: Chance;
  readonly clock: Clock;
  /** In simulated time; Infinity while it lives. */
  diedAt: Millis = Infinity;
  readonly freezes: Freeze[] = [];
  readonly #timeline: Timeline;
  readonly #rate: number;
  #wallOffset: number;
  /** What was to happen while it was frozen. */
  #missed: (() => void)[] = [];

  constructor(name: string, timeline: Timeline, chance: Chance, { rate, wall, monotonic }: ProcessClock) {
    this.name = name;
    this.chance = chance;
    this.#timeline = timeline;
    this.#rate = rate;
    this.#wallOffset = wall;
    this.clock = {
      now: () => Math.floor(this.#wallOffset + timeline.now * rate),
      monotonic: () => monotonic + timeline.now * rate,
    };
  }

  get alive(): boolean {
    return this.diedAt === Infinity;
  }

  get frozen(): boolean {
    return this.freezes.at(-1)?.to === Infinity;
  }

  /** Runs code as this process's. */
  run<T>(code: () => T): T {
    return current.run(this, code);
  }

  /** Something reaches the process: at once, when it is thawed, or never when it is dead. */
  deliver(code: () => void): void {
    if (!this.alive) return;
    if (this.frozen) this.#missed.push(code);
    else this.run(code);
  }

  /** By its own clock. */
  after(delay: Millis, code: () => void): Entry {
    const entry: Entry = this.#timeline.after(delay / this.#rate, () =>
      this.deliver(() => {
        if (!entry.cancelled) code();
      }),
    );
    return entry;
  }

  stepWallClock(by: Millis): void {
    this.#wallOffset += by;
  }

  freeze(): void {
    if (this.alive && !this.frozen) this.freezes.push({ from: this.#timeline.now, to: Infinity });
  }

  thaw(): void {
    const freeze = this.freezes.at(-1);
    if (freeze?.to !== Infinity) return;
    freeze.to = this.#timeline.now;
    for (const code of this.#missed.splice(0)) this.#timeline.after(0, () => this.deliver(code));
  }

  kill(): void {
    this.diedAt = Math.min(this.diedAt, this.#timeline.now);
    this.#missed = [];
  }
}

const realSetImmediate = globalThis.setImmediate;

/** Resolves when all that follows at once from what just happened has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => current.run(null, () => realSetImmediate(resolve)));
}

/** Runs code as nobody's: with the real timers. */
export function outside<T>(code: () => T): T {
  return current.run(null, code);
}

class Timer {
  readonly #entry: Entry;

  constructor(entry: Entry) {
    this.#entry = entry;
  }

  clear(): void {
    this.#entry.cancelled = true;
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Puts the real function's place to one that asks whose code it is called by. */
function replace(host: object, name: string, simulated: (process: SimulatedProcess, args: unknown[]) => unknown): void {
  const real = Reflect.get(host, name) as AnyFunction;
  const either = (...args: unknown[]): unknown => {
    const process = current.getStore();
    return process == null ? Reflect.apply(real, host, args) : simulated(process, args);
  };
  Reflect.set(host, name, Object.assign(either, real));
}

function newTimer(process: SimulatedProcess, code: unknown, delay: unknown, args: unknown[]): Timer {
  return new Timer(process.after(Math.max(Number(delay ?? 0), 0), () => void (code as AnyFunction)(...args)));
}

replace(globalThis, 'setTimeout', (process, [code, delay, ...args]) =>
  newTimer(process, code, Math.max(Number(delay ?? 1), 1), args),
);
replace(globalThis, 'setImmediate', (process, [code, ...args]) => newTimer(process, code, 0, args));
replace(Math, 'random', (process) => process.chance.next());
for (const name of ['clearTimeout', 'clearImmediate'] as const) {
  const real = globalThis[name] as AnyFunction;
  // Whoever clears it: a listener of one process can be called by another's code.
  Reflect.set(globalThis, name, (timer: unknown) => (timer instanceof Timer ? timer.clear() : real(timer)));
}
