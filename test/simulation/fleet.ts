/** The processes of an installation: schedulers and workers on the one engine, each started again when it is gone. */
import { pino, type Logger } from 'pino';
import { workerId } from '../../src/domain/id.ts';
import { SECOND, type Instant, type Millis } from '../../src/domain/instant.ts';
import type { Hint } from '../../src/store/store.ts';
import type { Worker } from '../../src/worker/worker.ts';
import type { Chance } from './chance.ts';
import { SimulatedExecutor } from './children.ts';
import type { Engine } from './engine.ts';
import { Link, type CallFault, type Exchange, type Way } from './link.ts';
import type { Product } from './product.ts';
import { SimulatedProcess } from './simulated-process.ts';
import { SimulatedStandIn } from './simulated-stand-in.ts';
import type { Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

/** By how much the clocks of two hosts may differ in speed: what `worker/contact.ts` allows for, shared by both. */
const DRIFT = 0.0009;
const LONGEST_DRAIN: Millis = 20 * SECOND;

export interface World {
  readonly product: Product;
  readonly engine: Engine;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly witness: Witness;
  readonly hints: Set<(hint: Hint) => void>;
  readonly observe: (exchange: Exchange) => void;
  /** A call was hit by a fault. */
  readonly count: (fault: CallFault) => void;
  /** Takes what product code calls a bug. */
  readonly onBug: (line: string) => void;
}

export interface Member {
  readonly name: string;
  readonly kind: 'scheduler' | 'worker';
  readonly way: Way;
  process: SimulatedProcess;
  /** Like SIGKILL. */
  crash: () => void;
  /** Like SIGTERM; resolves when it is gone. */
  stop: () => Promise<void>;
}

/** What a way is like. */
export type Usual = Pick<Way, 'faults' | 'latency'>;

export class Fleet {
  readonly members: Member[] = [];
  readonly #world: World;
  /** What each way is while nothing is wrong with it. */
  readonly usual: Usual;

  constructor(world: World, usual: Usual) {
    this.#world = world;
    this.usual = usual;
  }

  add(kind: Member['kind'], name: string): void {
    const way: Way = { cutThere: false, cutBack: false, ...this.usual };
    const process = newProcess(this.#world, name);
    const member: Member = { name, kind, way, process, crash: () => {}, stop: () => Promise.resolve() };
    this.members.push(member);
    this.start(member);
  }

  /** As a supervisor does: again and again, until it comes up. */
  start(member: Member): void {
    const { timeline, chance } = this.#world;
    member.process = newProcess(this.#world, member.name);
    const { process } = member;
    const began = member.kind === 'worker' ? this.#worker(member) : this.#scheduler(member);
    began.catch(() => {
      process.kill();
      timeline.after(chance.between(SECOND, 3 * SECOND), () => this.start(member));
    });
  }

  async crash(member: Member, downFor: Millis): Promise<void> {
    if (!member.process.alive) return;
    member.process.kill();
    member.crash();
    this.#world.timeline.after(Math.max(downFor, SECOND), () => this.start(member));
  }

  async restart(member: Member): Promise<void> {
    const { process } = member;
    if (!process.alive) return;
    await process.run(() => member.stop());
    if (!process.alive) return;
    process.kill();
    this.#world.timeline.after(SECOND, () => this.start(member));
  }

  #scheduler(member: Member): Promise<void> {
    const { product } = this.#world;
    const { process } = member;
    const scheduler = new product.Scheduler({
      store: linkOf(this.#world, process, member.way).store(),
      clock: process.clock,
      logger: this.#logger(member.name),
    });
    member.crash = () => {};
    member.stop = () => scheduler.stop();
    return process.run(() => scheduler.start());
  }

  #worker(member: Member): Promise<void> {
    const { process } = member;
    const { witness, timeline, chance } = this.#world;
    const executor = new SimulatedExecutor(process, timeline, witness);
    const id = workerId(chance.uuid());
    witness.owners.set(id, process);
    const worker: Worker = process.run(() =>
      this.#world.product.createWorker({
        store: linkOf(this.#world, process, member.way).store(),
        executor,
        standIn: new SimulatedStandIn(timeline, executor),
        clock: process.clock,
        logger: this.#logger(member.name),
        id,
        name: member.name,
        host: member.name,
        version: '0.0.0',
        queues: ['default', 'other'],
        concurrency: chance.whole(1, 4),
        drainTimeoutMs: chance.between(0, LONGEST_DRAIN),
        environment: {},
        home: '/',
      }),
    );
    member.crash = () => executor.watchdog();
    member.stop = () => worker.stop();
    return process.run(() => worker.start());
  }

  #logger(name: string): Logger {
    const { onBug } = this.#world;
    const write = (line: string): void => {
      if (line.includes('bug') || line.includes('a call to the store failed')) onBug(`${name}: ${line}`);
    };
    return pino({ level: 'error', base: null, timestamp: false }, { write });
  }
}

export function linkOf(world: World, process: SimulatedProcess, way: Way): Link {
  const { engine, product, timeline, observe, count, hints, witness } = world;
  return new Link({
    engine,
    product,
    process,
    timeline,
    way,
    observe,
    count,
    hints,
    asks: (call) => witness.asks(call),
    told: (call) => witness.told(call),
  });
}

/** On a host of its own, whose clock is wrong. */
export function newProcess(
  { timeline, chance }: World,
  name: string,
  start: Instant = Date.UTC(2030, 0, 1),
): SimulatedProcess {
  const wall = start + chance.between(-1, 1) * 3_600 * SECOND;
  const rate = 1 + chance.between(-DRIFT, DRIFT);
  return new SimulatedProcess(name, timeline, chance.fork(), { rate, wall, monotonic: chance.between(0, 1e9) });
}
