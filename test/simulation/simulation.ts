/**
 * One history from one seed: an installation on a real engine, at which everything goes wrong for some minutes of simulated
 * time; then all is well again, and whatever was begun has to come to its end. No time is waited for.
 */
import { createHash, type Hash } from 'node:crypto';
import { SECOND, type Millis } from '../../src/domain/instant.ts';
import type { Store } from '../../src/store/store.ts';
import { START } from '../support/clock.ts';
import { Chance } from './chance.ts';
import { check } from './checker.ts';
import { openEngine, type Engine, type EngineName } from './engine.ts';
import { heal, someKinds, strike, type FaultTargets } from './faults.ts';
import { Fleet, linkOf, newProcess, type World } from './fleet.ts';
import type { Exchange } from './link.ts';
import { People } from './people.ts';
import type { Product } from './product.ts';
import { outside, settled, SimulatedProcess } from './simulated-process.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { Tally } from './tally.ts';
import { Timeline } from './timeline.ts';
import { Witness } from './witness.ts';

export interface SimulationOptions {
  readonly engine: EngineName;
  readonly seed: number;
  readonly product: Product;
  /** Only these faults strike. Default: those that the seed picks. */
  readonly kinds?: FaultTargets['kinds'];
  /** Takes every event, for who replays a seed. */
  readonly trace?: (line: string) => void;
}

export interface History {
  /** What no history may show; empty when all is well. */
  readonly violations: readonly string[];
  /** Of all events, with what was asked and answered: the same for the same seed. */
  readonly hash: string;
  /** How often each fault was injected. */
  readonly faults: Readonly<Record<string, number>>;
  readonly exchanges: number;
  readonly fired: number;
  readonly children: number;
  /** Of simulated time. */
  readonly took: Millis;
}

/** After the healing: within this another child has begun or ended, as long as there is something to do. */
const LONGEST_STANDSTILL: Millis = 900 * SECOND;
const LOOK_EVERY: Millis = 5 * SECOND;

export function simulate(options: SimulationOptions): Promise<History> {
  return outside(async () => {
    const simulation = new Simulation(options);
    return simulation.play();
  });
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #chance: Chance;
  readonly #timeline = new Timeline();
  readonly #host: SimulatedProcess;
  readonly #witness: Witness;
  readonly #hash: Hash = createHash('sha1');
  readonly #bugs: string[] = [];
  readonly #snapshots: Snapshot[] = [];
  readonly #faults = new Tally();

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed);
    const clock = { rate: 1 + this.#chance.between(-0.0009, 0.0009), wall: START, monotonic: 0 };
    this.#host = new SimulatedProcess('engine', this.#timeline, this.#chance.fork(), clock);
    this.#witness = new Witness(this.#host, this.#timeline);
  }

  async play(): Promise<History> {
    const { engine: name, product } = this.#options;
    const engine = await openEngine(name, product, this.#host, (fault) =>
      this.#bugs.push(`reported: ${String(fault)}`),
    );
    try {
      return await this.#playOn(engine);
    } finally {
      await engine.close();
    }
  }

  async #playOn(engine: Engine): Promise<History> {
    const chance = this.#chance;
    const world = this.#world(engine);
    const active = chance.pick([10, 30, 90]) * SECOND;
    const fleet = new Fleet(world, { faults: chance.pick([0, 0.02, 0.15]), latency: chance.pick([1, 5, 20]) });
    for (let count = chance.whole(1, 3); count > 0; count -= 1) fleet.add('scheduler', `scheduler-${count}`);
    for (let count = chance.pick([1, 2, 3, 3]); count > 0; count -= 1) fleet.add('worker', `worker-${count}`);
    const people = this.#people(world, fleet, active);
    const targets: FaultTargets = {
      fleet,
      engine: this.#host,
      timeline: this.#timeline,
      chance: chance.fork(),
      kinds: this.#options.kinds ?? someKinds(chance),
      trace: (line) => this.#note(line),
    };
    await this.#troubledTime(engine, targets, people, active);
    heal(targets);
    this.#note('healed');
    const healedAt = this.#timeline.now;
    const ended = await this.#drain(engine);
    const last = await takeSnapshot(engine, this.#timeline.now);
    const seen = { witness: this.#witness, people, snapshots: [...this.#snapshots, last], last, healedAt, ended };
    const violations = [...this.#bugs, ...check(seen)];
    return {
      violations,
      hash: this.#hash.digest('hex'),
      faults: this.#faults.counts(),
      exchanges: this.#witness.exchanges,
      fired: this.#witness.fired,
      children: this.#witness.children.length,
      took: this.#timeline.now,
    };
  }

  #world(engine: Engine): World {
    const world: World = {
      product: this.#options.product,
      engine,
      timeline: this.#timeline,
      chance: this.#chance.fork(),
      witness: this.#witness,
      hints: new Set(),
      observe: (exchange) => this.#observe(exchange),
      count: (fault) => this.#faults.add(fault),
      onBug: (line) => this.#bugs.push(`the product calls it a bug: ${line}`),
    };
    engine.subscribe((hint) => {
      for (const hear of world.hints) hear(hint);
    });
    return world;
  }

  #people(world: World, fleet: Fleet, active: Millis): People {
    const process = newProcess(world, 'people');
    const way = { cutThere: false, cutBack: false, ...fleet.usual };
    const store: Store = linkOf(world, process, way).store();
    const { JobschedError } = this.#options.product;
    const isExpected = (error: unknown): boolean => error instanceof JobschedError;
    const people = new People(process, store, { endsAt: START + active, isExpected, onBug: world.onBug });
    for (let schedules = this.#chance.whole(1, 4); schedules > 0; schedules -= 1) {
      this.#timeline.after(this.#chance.between(0, SECOND), () => void process.run(() => people.schedule()));
    }
    const actAgain = (): void => {
      if (this.#timeline.now > active) return;
      void process.run(() => people.act());
      this.#timeline.after(this.#chance.exponential(4 * SECOND), actAgain);
    };
    this.#timeline.after(SECOND, actAgain);
    return people;
  }

  async #troubledTime(engine: Engine, targets: FaultTargets, people: People, active: Millis): Promise<void> {
    const strikeAgain = (): void => {
      if (this.#timeline.now > active) return;
      this.#faults.add(strike(targets));
      this.#timeline.after(this.#chance.exponential(6 * SECOND), strikeAgain);
    };
    if (!this.#chance.happens(0.1)) this.#timeline.after(2 * SECOND, strikeAgain);
    const looks = this.#chance.whole(1, 3);
    for (let look = 1; look <= looks; look += 1) {
      await this.#pass(engine, (look * active) / looks);
      if (people.jobs.length > 0) this.#snapshots.push(await takeSnapshot(engine, this.#timeline.now));
    }
  }

  /** @returns whether all came to its end. */
  async #drain(engine: Engine): Promise<boolean> {
    let movedAt = this.#timeline.now;
    let before = 0;
    while (this.#timeline.now < movedAt + LONGEST_STANDSTILL) {
      await this.#pass(engine, this.#timeline.now + LOOK_EVERY);
      if (await this.#isQuiet(engine)) return true;
      const moves = this.#moves();
      if (moves > before) movedAt = this.#timeline.now;
      before = moves;
    }
    return false;
  }

  /** How often a child has begun or ended. */
  #moves(): number {
    const { children } = this.#witness;
    return children.length + children.filter(({ endedAt }) => endedAt !== Infinity).length;
  }

  async #isQuiet(engine: Engine): Promise<boolean> {
    if (this.#witness.children.some(({ endedAt }) => endedAt === Infinity)) return false;
    const { runs, jobs } = (await engine.call('counts', [])) as Awaited<ReturnType<Store['counts']>>;
    return runs.pending === 0 && runs.running === 0 && jobs.scheduled === 0;
  }

  async #pass(engine: Engine, until: Millis): Promise<void> {
    for (let entry = this.#timeline.next(until); entry !== null; entry = this.#timeline.next(until)) {
      entry.happen();
      await settled();
      while (!engine.idle()) await engine.rest();
    }
  }

  #observe(exchange: Exchange): void {
    this.#witness.exchange(exchange);
    const { from, method, args, answer } = exchange;
    this.#note(`${from.name} ${method} ${JSON.stringify(args)} → ${JSON.stringify(answer)}`);
  }

  #note(line: string): void {
    const event = `${this.#timeline.now.toFixed(3)} ${line}\n`;
    this.#hash.update(event);
    this.#options.trace?.(event);
  }
}
