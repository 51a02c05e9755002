/**
 * The end of a command's whole tree, when it was asked for.
 *
 *   asked ──its group is gone, or half the grace──► others asked ──the grace is over──► killed ──in vain──► given up
 *     └──────nobody is left──────┴────────────────────────┴────────────────────────────────┴──► over
 *
 * The group gets TERM at once. Who left it gets TERM when the group is gone, so that a program can end its daemons itself,
 * or at half of the grace. At its end all that are left get KILL. Those that still live two seconds after the last of them
 * got it cannot be ended by us: they are another user's, or hang in the kernel.
 *
 * Who makes processes faster than one can look is frozen first: each that is found gets STOP, until no other is found,
 * then all get KILL.
 *
 * Where processes cannot be seen, on macOS, this is for the group alone.
 */
import type { Clock } from '../../clock.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';
import { Deadline } from './deadline.ts';
import { askGroupToEnd, signalGroup } from './group.ts';
import { signalProcess, type Process } from './process.ts';
import type { ProcessTree } from './process-tree.ts';

/** When to look first after the leader's end, and how seldom at last. */
const FIRST_LOOK: Millis = 10;
const LAST_LOOK: Millis = 200;
/** How long the event loop may stand still while those are frozen who make ever new ones. They are, at the next look. */
const CHASE: Millis = 50;
/** How often in a row nobody has to be found where somebody had left the group: between two processes one cannot be seen. */
const LOOKS_TO_BE_SURE = 5;
/** Since the last one was killed who had not been before: on a host that they keep busy this takes its time. */
const GIVE_UP_AFTER: Millis = 2 * SECOND;
/** Since the end of the grace: against one who may not be signalled and never ceases to start others. */
const GIVE_UP_AT_LAST_AFTER: Millis = 60 * SECOND;

export class TreeEnd {
  readonly #tree: ProcessTree;
  readonly #clock: Clock;
  readonly #onGroupGone: () => void;
  readonly #kill: Deadline;
  readonly #askOthers: Deadline;
  readonly #over = Promise.withResolvers<readonly number[]>();
  /** By pid, with the start of the one that was asked. */
  readonly #asked = new Map<number, number>();
  /** As `#asked`. */
  readonly #killed = new Map<number, number>();
  #begun = false;
  #leaderLives = true;
  #groupGoneTold = false;
  #othersToo = false;
  /** Whether anybody was seen outside of the group. */
  #someLeft = false;
  #emptyLooks = 0;
  #killedAt: Millis | null = null;
  #lastKilledAt: Millis = 0;
  #look: NodeJS.Timeout | null = null;
  #isOver = false;

  /** @param onGroupGone called once, in the turn in which the group was found gone: its number may be another's by then. */
  constructor(tree: ProcessTree, clock: Clock, onGroupGone: () => void) {
    this.#tree = tree;
    this.#clock = clock;
    this.#onGroupGone = onGroupGone;
    this.#kill = new Deadline(clock, () => this.#killAll());
    this.#askOthers = new Deadline(clock, () => this.#askTheOthers());
  }

  /** Whom nothing could end, by process id: as a rule nobody. Never rejects. */
  get over(): Promise<readonly number[]> {
    return this.#over.promise;
  }

  /** TERM now, KILL after the grace. Asked again it can only make the KILL come earlier. */
  begin(graceMs: Millis): void {
    if (this.#isOver) return;
    if (!this.#begun) {
      this.#begun = true;
      askGroupToEnd(this.#tree.leader);
      // Before those end as whose children alone others can be known.
      this.#tree.watchLeader();
      this.#living();
    }
    this.#askOthers.setNoLaterThan(graceMs / 2);
    this.#kill.setNoLaterThan(graceMs);
  }

  /** To be called in the turn in which the leader was reaped. */
  leaderEnded(): void {
    this.#leaderLives = false;
    this.#tree.leaderEnded();
    if (this.#begun && !this.#isOver) this.#check(FIRST_LOOK);
  }

  /** @param pause until the next look, if somebody is left. */
  #check(pause: Millis): void {
    const living = this.#living();
    const groupLives = this.#leaderLives || living.some(({ group }) => group === this.#tree.leader);
    if (!groupLives) this.#groupIsGone();
    if (this.#othersToo) this.#ask(living);
    if (!this.#leaderLives && living.length === 0) return this.#lookInVain();
    this.#emptyLooks = 0;
    if (this.#killedAt !== null) {
      this.#freezeAndKill(groupLives);
      if (this.#isInVain(this.#killedAt)) return this.#giveUp(living);
    }
    this.#lookAfter(pause);
  }

  #isInVain(since: Millis): boolean {
    const now = this.#clock.monotonic();
    return now - this.#lastKilledAt > GIVE_UP_AFTER || now - since > GIVE_UP_AT_LAST_AFTER;
  }

  #lookInVain(): void {
    this.#emptyLooks += 1;
    if (!this.#someLeft || this.#emptyLooks === LOOKS_TO_BE_SURE) this.#end([]);
    else this.#lookAfter(FIRST_LOOK);
  }

  #lookAfter(pause: Millis): void {
    if (this.#look) clearTimeout(this.#look);
    // On the beat of the pause, so that all who are ending look in the same turn, and one brings the table up to date.
    const untilBeat = pause - (this.#clock.monotonic() % pause);
    this.#look = setTimeout(() => this.#check(Math.min(pause * 2, LAST_LOOK)), untilBeat);
  }

  #groupIsGone(): void {
    this.#othersToo = true;
    if (this.#groupGoneTold) return;
    this.#groupGoneTold = true;
    this.#onGroupGone();
  }

  #askTheOthers(): void {
    this.#othersToo = true;
    this.#ask(this.#living());
  }

  #ask(living: readonly Process[]): void {
    for (const process of living) {
      if (process.group === this.#tree.leader || this.#asked.get(process.pid) === process.startedAt) continue;
      this.#asked.set(process.pid, process.startedAt);
      signalProcess(process, 'SIGTERM');
      signalProcess(process, 'SIGCONT');
    }
  }

  #killAll(): void {
    // Before the first look, for which they may leave us little of the processor.
    if (this.#leaderLives) signalGroup(this.#tree.leader, 'SIGKILL');
    this.#killedAt = this.#lastKilledAt = this.#clock.monotonic();
    this.#askOthers.cancel();
    this.#check(FIRST_LOOK);
  }

  #freezeAndKill(groupLives: boolean): void {
    if (groupLives) signalGroup(this.#tree.leader, 'SIGKILL');
    const until = this.#clock.monotonic() + CHASE;
    const frozen = new Map<number, Process>();
    for (let found = true; found && this.#clock.monotonic() < until;) {
      const others = this.#living().filter(({ pid, startedAt }) => frozen.get(pid)?.startedAt !== startedAt);
      for (const process of others) signalProcess(process, 'SIGSTOP');
      for (const process of others) frozen.set(process.pid, process);
      found = others.length > 0;
    }
    for (const process of frozen.values()) this.#killOne(process);
  }

  #killOne(process: Process): void {
    signalProcess(process, 'SIGKILL');
    if (this.#killed.get(process.pid) === process.startedAt) return;
    this.#killed.set(process.pid, process.startedAt);
    this.#lastKilledAt = this.#clock.monotonic();
  }

  /** Where processes cannot be seen, the group stands for one, as if it had no leader. */
  #living(): readonly Process[] {
    const { leader } = this.#tree;
    const seen = this.#tree.living(this.#killedAt !== null || this.#someLeft);
    this.#someLeft ||= seen?.some(({ group }) => group !== leader) === true;
    if (seen !== null) return seen;
    if (this.#leaderLives || !signalGroup(leader, 0)) return [];
    return [{ pid: leader, startedAt: 0, parent: 1, group: leader, session: leader }];
  }

  #giveUp(living: readonly Process[]): void {
    const pids = living.map(({ pid }) => pid);
    this.#end(this.#leaderLives ? [this.#tree.leader, ...pids] : pids);
  }

  #end(survivors: readonly number[]): void {
    this.#isOver = true;
    if (this.#look) clearTimeout(this.#look);
    this.#kill.cancel();
    this.#askOthers.cancel();
    this.#over.resolve(survivors);
  }
}
