/** One child of the Node executor, from its start to its end. The states are those of `executor.ts`. */
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';
import { Deadline } from './deadline.ts';
import type { Capture } from './capture.ts';
import { drain } from './drain.ts';
import { outcomeOf, type EndCause, type Exit } from './ending.ts';
import type { CommandSpec, Ending, Execution, StopCause } from './executor.ts';
import { signalGroup } from './group.ts';
import type { ProcessTree } from './process-tree.ts';
import { TreeEnd } from './tree-end.ts';

/** What a child that was started consists of. */
export interface StartedChild {
  readonly process: ChildProcess;
  readonly tree: ProcessTree;
  readonly captures: readonly Capture[];
  /** Where its standard input is written to; null when that is `/dev/null`. */
  readonly stdin: number | null;
}

/** What is still there so long after a normal end was meant to stay; what was just ending is gone. */
const MEANT_TO_STAY: Millis = 50;

/** What the execution tells of its processes, each at most once, in the turn in which it came to know. */
export interface ProcessEvents {
  /** The process group is gone: its number may be another's from then on. Only while the others are being ended. */
  readonly onGroupGone: () => void;
  /** All are gone, left alone on purpose, or given up. */
  readonly onOver: () => void;
}

/** Of a leader that could not be killed. */
const NO_EXIT: Exit = { exitCode: null, signal: null };

export class NodeExecution implements Execution {
  readonly started: Promise<number>;
  readonly ended: Promise<Ending>;
  readonly #child: StartedChild;
  readonly #clock: Clock;
  readonly #startedAt: Millis;
  readonly #timeout: Deadline;
  readonly #treeEnd: TreeEnd;
  readonly #events: ProcessEvents;
  readonly #mayLeaveOthers: () => boolean;
  #cause: EndCause | null = null;
  /** Once it is known how it ends: whether what is left of it is left alone. */
  #leavesOthers = false;

  constructor(child: StartedChild, spec: CommandSpec, clock: Clock, events: ProcessEvents) {
    this.#child = child;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.started = Promise.resolve(child.tree.leader);
    this.#events = events;
    this.#treeEnd = new TreeEnd(child.tree, clock, events.onGroupGone);
    this.#timeout = new Deadline(clock, () => this.#end({ kind: 'timeout' }, spec.killGraceMs));
    if (spec.timeoutMs !== null) this.#timeout.setNoLaterThan(spec.timeoutMs);
    this.#mayLeaveOthers = spec.mayLeaveOthers ?? (() => true);
    this.ended = this.#live(spec.stdin);
  }

  stop(cause: StopCause, graceMs: Millis): void {
    this.#end(cause, graceMs);
  }

  /** Whoever comes first names the cause; whoever comes later can only make the KILL come earlier. */
  #end(cause: EndCause, graceMs: Millis): void {
    if (this.#cause?.kind === 'own') return;
    this.#cause ??= cause;
    this.#treeEnd.begin(graceMs);
  }

  async #live(stdin: string | null): Promise<Ending> {
    const input = this.#child.stdin === null ? null : writeAll(this.#child.stdin, stdin ?? '');
    const exit = await Promise.race([this.#exit(), this.#treeEnd.over.then(() => NO_EXIT)]);
    if (exit === NO_EXIT) this.#child.process.unref();
    this.#timeout.cancel();
    const durationMs = Math.round(this.#clock.monotonic() - this.#startedAt);
    const cause = this.#cause ?? { kind: 'own' };
    const survivors = this.#leavesOthers ? null : await this.#treeEnd.over;
    if (survivors !== null) this.#events.onOver();
    input?.destroy();
    await drain(this.#child.captures);
    return { outcome: outcomeOf(cause, exit), durationMs, left: survivors ?? (await this.#leftAlone()) };
  }

  /** In the turn of the exit: names the cause if nobody did. An end of its own leaves the others alone. */
  #exit(): Promise<Exit> {
    return new Promise((resolve) => {
      this.#child.process.once('exit', (exitCode, signal) => {
        this.#timeout.cancel();
        if (this.#cause === null) this.#endOnItsOwn();
        else this.#treeEnd.leaderEnded();
        resolve({ exitCode, signal });
      });
    });
  }

  #endOnItsOwn(): void {
    this.#cause = { kind: 'own' };
    this.#leavesOthers = this.#mayLeaveOthers();
    if (this.#leavesOthers) return this.#events.onOver();
    this.#treeEnd.leaderEnded();
    this.#treeEnd.begin(0);
  }

  async #leftAlone(): Promise<readonly number[]> {
    if (this.#alive().length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, MEANT_TO_STAY));
    return this.#alive();
  }

  /** Where processes cannot be seen, the group stands for one. */
  #alive(): readonly number[] {
    const { tree } = this.#child;
    const living = tree.living(false)?.map(({ pid }) => pid);
    return living ?? (signalGroup(tree.leader, 0) ? [tree.leader] : []);
  }
}

/** A command that does not read all of its input is no error. */
function writeAll(fd: number, text: string): Socket {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', () => socket.destroy());
  socket.end(text);
  return socket;
}
