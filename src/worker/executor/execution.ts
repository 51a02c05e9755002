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
import { askGroupToEnd, groupIsAlive, signalGroup } from './group.ts';

/** What a child that was started consists of. */
export interface StartedChild {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly captures: readonly Capture[];
  /** Where its standard input is written to; null when that is `/dev/null`. */
  readonly stdin: number | null;
}

/** While a group is being ended and its leader is gone: when to look after the others first, and how seldom at last. */
const FIRST_LOOK: Millis = 10;
const LAST_LOOK: Millis = 200;

export class NodeExecution implements Execution {
  readonly started: Promise<number>;
  readonly ended: Promise<Ending>;
  readonly #child: StartedChild;
  readonly #clock: Clock;
  readonly #startedAt: Millis;
  readonly #timeout: Deadline;
  readonly #kill: Deadline;
  readonly #onGroupLeft: () => void;
  readonly #groupLeft = Promise.withResolvers<void>();
  #cause: EndCause | null = null;
  #killed = false;
  #look: NodeJS.Timeout | null = null;

  /**
   * @param onGroupLeft called once, in the turn in which the group was found gone, killed or left alone: its number may be
   * another's from then on.
   */
  constructor(child: StartedChild, spec: CommandSpec, clock: Clock, onGroupLeft: () => void) {
    this.#child = child;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.started = Promise.resolve(child.pid);
    this.#kill = new Deadline(clock, () => this.#killGroup());
    this.#timeout = new Deadline(clock, () => this.#end({ kind: 'timeout' }, spec.killGraceMs));
    if (spec.timeoutMs !== null) this.#timeout.setNoLaterThan(spec.timeoutMs);
    this.#onGroupLeft = onGroupLeft;
    this.ended = this.#live(spec.stdin);
  }

  stop(cause: StopCause, graceMs: Millis): void {
    this.#end(cause, graceMs);
  }

  /** Whoever comes first names the cause; whoever comes later can only make the KILL come earlier. */
  #end(cause: EndCause, graceMs: Millis): void {
    if (this.#cause?.kind === 'own') return;
    if (this.#cause === null) askGroupToEnd(this.#child.pid);
    this.#cause ??= cause;
    this.#kill.setNoLaterThan(graceMs);
  }

  async #live(stdin: string | null): Promise<Ending> {
    const input = this.#child.stdin === null ? null : writeAll(this.#child.stdin, stdin ?? '');
    const exit = await this.#exit();
    const durationMs = Math.round(this.#clock.monotonic() - this.#startedAt);
    await this.#groupLeft.promise;
    input?.destroy();
    await drain(this.#child.captures);
    return { outcome: outcomeOf(this.#cause ?? { kind: 'own' }, exit), durationMs };
  }

  /** In the turn of the exit: names the cause if nobody did, and decides what becomes of the group. */
  #exit(): Promise<Exit> {
    return new Promise((resolve) => {
      this.#child.process.once('exit', (exitCode, signal) => {
        this.#timeout.cancel();
        this.#cause ??= { kind: 'own' };
        if (this.#cause.kind === 'own') this.#leaveGroup();
        else this.#lookAfterGroup(FIRST_LOOK);
        resolve({ exitCode, signal });
      });
    });
  }

  /** The leader obeyed; the others of its group have the rest of the grace. */
  #lookAfterGroup(pause: Millis): void {
    if (this.#killed || !groupIsAlive(this.#child.pid)) return this.#leaveGroup();
    // On the beat of the pause, so that all who are ending look in the same turn and share one look.
    const untilBeat = pause - (this.#clock.monotonic() % pause);
    this.#look = setTimeout(() => this.#lookAfterGroup(Math.min(pause * 2, LAST_LOOK)), untilBeat);
  }

  #killGroup(): void {
    this.#killed = true;
    signalGroup(this.#child.pid, 'SIGKILL');
    if (this.#look) this.#leaveGroup();
  }

  #leaveGroup(): void {
    if (this.#look) clearTimeout(this.#look);
    this.#kill.cancel();
    this.#onGroupLeft();
    this.#groupLeft.resolve();
  }
}

/** A command that does not read all of its input is no error. */
function writeAll(fd: number, text: string): Socket {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', () => socket.destroy());
  socket.end(text);
  return socket;
}
