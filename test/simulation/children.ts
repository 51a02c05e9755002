/**
 * Children that are simulated: they live for a while, write a little, obey a TERM or do not, and end as the seed says. They
 * live on while their worker is frozen, and die with it within moments, as the watchdog of the real executor sees to.
 */
import { SECOND, type Millis } from '../../src/domain/instant.ts';
import type { Outcome } from '../../src/domain/run.ts';
import type {
  CommandSpec,
  Ending,
  Execution,
  Executor,
  OutputSink,
  StopCause,
} from '../../src/worker/executor/executor.ts';
import type { Chance } from './chance.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Entry, Timeline } from './timeline.ts';
import type { Child, Witness } from './witness.ts';

/** How long after its worker a child is dead, and after a KILL. */
const DEAD_AFTER: Millis = 100;
/** How long an obedient child takes to end after a TERM. */
const OBEYS_WITHIN: Millis = SECOND;

type Cause = StopCause | { readonly kind: 'timeout' };

export class SimulatedExecutor implements Executor {
  readonly #process: SimulatedProcess;
  readonly #timeline: Timeline;
  readonly #witness: Witness;
  readonly #chance: Chance;
  readonly #living = new Map<number, SimulatedChild>();
  #pids = 0;

  constructor(process: SimulatedProcess, timeline: Timeline, witness: Witness) {
    this.#process = process;
    this.#timeline = timeline;
    this.#witness = witness;
    this.#chance = process.chance.fork();
  }

  start(command: CommandSpec, sink: OutputSink): Execution {
    const seen = this.#witness.childStarted(this.#process, command.env);
    const world = { process: this.#process, timeline: this.#timeline, chance: this.#chance };
    const pid = ++this.#pids;
    const child = new SimulatedChild(world, { seen, pid, command, sink });
    this.#living.set(pid, child);
    void child.ended.then(() => this.#living.delete(pid));
    return child;
  }

  /** The worker has died. */
  watchdog(): void {
    for (const child of this.#living.values()) child.kill();
  }

  /** Somebody else than the worker signals a child. */
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
    const child = this.#living.get(pid);
    if (signal === 'SIGTERM') child?.term();
    else child?.kill();
  }

  async close(): Promise<void> {
    const children = [...this.#living.values()];
    for (const child of children) child.kill();
    await Promise.all(children.map(({ ended }) => ended));
  }
}

interface World {
  readonly process: SimulatedProcess;
  readonly timeline: Timeline;
  readonly chance: Chance;
}

interface Birth {
  readonly seen: Child;
  readonly pid: number;
  readonly command: CommandSpec;
  readonly sink: OutputSink;
}

class SimulatedChild implements Execution {
  readonly started: Promise<number | null>;
  readonly ended: Promise<Ending>;
  readonly #world: World;
  readonly #seen: Child;
  readonly #startedAt: Millis;
  readonly #obeys: boolean;
  readonly #resolve: (ending: Ending) => void;
  #cause: Cause | null = null;
  #exit: Entry;
  #kill: Entry | null = null;
  #killAt: Millis = Infinity;

  constructor(world: World, { seen, pid, command, sink }: Birth) {
    const { chance, process, timeline } = world;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.#world = world;
    this.#seen = seen;
    this.#startedAt = process.clock.monotonic();
    this.#obeys = chance.happens(0.7);
    this.ended = promise;
    this.#resolve = resolve;
    const spawns = !chance.happens(0.02);
    this.started = Promise.resolve(spawns ? pid : null);
    const exit: Outcome = chance.happens(0.7)
      ? { status: 'succeeded' }
      : { status: 'failed', reason: 'exit', exitCode: chance.whole(1, 3) };
    const length = chance.exponential(chance.pick([0.1, 1, 10, 60, 60]) * SECOND);
    this.#exit = spawns
      ? timeline.after(length, () => this.#end(exit))
      : timeline.after(0, () => this.#end({ status: 'failed', reason: 'spawn', detail: 'no such shell' }));
    if (command.timeoutMs !== null) {
      process.after(command.timeoutMs, () => this.#stop({ kind: 'timeout' }, command.killGraceMs));
    }
    if (spawns) this.#write(sink, chance.whole(0, 3));
  }

  stop(cause: StopCause, graceMs: Millis): void {
    this.#stop(cause, graceMs);
  }

  kill(): void {
    if (this.#seen.endedAt !== Infinity) return;
    this.#exit.cancelled = true;
    const { chance, timeline } = this.#world;
    this.#exit = timeline.after(chance.between(0, DEAD_AFTER), () => this.#endBySignal('SIGKILL'));
  }

  term(): void {
    if (this.#seen.endedAt !== Infinity) return;
    const { chance, timeline } = this.#world;
    const obeysAfter = chance.between(0, OBEYS_WITHIN);
    if (!this.#obeys || this.#exit.at <= timeline.now + obeysAfter) return;
    this.#exit.cancelled = true;
    this.#exit = timeline.after(obeysAfter, () => this.#endBySignal('SIGTERM'));
  }

  #stop(cause: Cause, graceMs: Millis): void {
    if (this.#seen.endedAt !== Infinity) return;
    const { process } = this.#world;
    if (this.#cause === null) {
      this.#cause = cause;
      this.term();
    }
    const killAt = process.clock.monotonic() + graceMs;
    if (killAt >= this.#killAt) return;
    if (this.#kill) this.#kill.cancelled = true;
    this.#killAt = killAt;
    this.#kill = process.after(graceMs, () => this.kill());
  }

  /** Lines that tell whose they are, at moments of the child's life. */
  #write(sink: OutputSink, lines: number): void {
    const { process, chance, timeline } = this.#world;
    for (let line = 0; line < lines; line += 1) {
      timeline.after(chance.exponential(SECOND), () => {
        if (this.#seen.endedAt !== Infinity) return;
        const bytes = Buffer.from(`${this.#seen.run} ${this.#seen.fence} ${this.#seen.written.length}\n`);
        process.deliver(() => {
          this.#seen.written += bytes.toString();
          sink.write('stdout', bytes);
        });
      });
    }
  }

  #endBySignal(signal: string): void {
    this.#end({ status: 'failed', reason: 'signal', signal }, signal);
  }

  #end(natural: Outcome, signal: string | null = null): void {
    const { process, timeline } = this.#world;
    this.#exit.cancelled = true;
    if (this.#kill) this.#kill.cancelled = true;
    this.#seen.endedAt = timeline.now;
    const outcome = told(this.#cause, natural, signal);
    const durationMs = process.clock.monotonic() - this.#startedAt;
    process.deliver(() => {
      this.#seen.outcome = outcome;
      this.#resolve({ outcome, durationMs, left: [] });
    });
  }
}

/** The first cause wins: a command that is told to stop and then exits with 0 was stopped. */
function told(cause: Cause | null, natural: Outcome, signal: string | null): Outcome {
  const exitCode = signal === null ? exitCodeOf(natural) : null;
  if (cause === null) return natural;
  if (cause.kind === 'timeout') return { status: 'failed', reason: 'timeout', exitCode, signal };
  if (cause.kind === 'cancelled') return { status: 'cancelled', exitCode, signal };
  return { status: 'failed', reason: 'lost', detail: cause.detail, exitCode, signal };
}

function exitCodeOf(outcome: Outcome): number | null {
  if (outcome.status === 'succeeded') return 0;
  return outcome.status === 'failed' && outcome.reason === 'exit' ? outcome.exitCode : null;
}
