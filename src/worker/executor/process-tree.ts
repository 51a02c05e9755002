/**
 * All processes that come from one command, wherever they went.
 *
 * Those of its session are known by that, those that made a session of their own (`setsid`, a daemon) by the mark in their
 * environment, those that cleared their environment as children of one that is known. Who does all three, leaving its
 * session, its environment and its parent, before anybody has looked, is out of reach. So is the mark of a program that
 * writes its title over its environment, as some servers do, once it is out of the session and its parent has ended.
 *
 * The mark is of this one execution: neither another attempt of the run has it, nor a copy of this installation, nor the
 * commands of a jobsched that the command started, which are marked as that one's.
 */
import { asItIsNow, environmentOf, readProcess, type Process } from './process.ts';
import { WATCHDOG, type ProcessTable } from './process-table.ts';

/** How often in a row nobody of the session has to be found before its number may be another's. */
const LOOKS_UNTIL_FREE = 3;

/** What it needs of the table. */
type Seen = Pick<ProcessTable, 'update' | 'marked' | 'inSession' | 'childrenOf' | 'forget'>;

export class ProcessTree {
  /** The process, session and group id of the shell that was started. */
  readonly leader: number;
  readonly #mark: string;
  readonly #table: Seen;
  /** Who was found, as found. */
  readonly #found = new Map<number, Process>();
  #shell: Process | null = null;
  #leaderLives = true;
  /** Since the leader ended. */
  #looksWithoutSession = 0;

  constructor(table: Seen, leader: number, mark: string) {
    this.#table = table;
    this.leader = leader;
    this.#mark = mark;
  }

  /** To be called while the leader has not been reaped: from then on its children are found as well, while it lives. */
  watchLeader(): void {
    this.#shell ??= readProcess(this.leader);
  }

  /**
   * To be called in the turn in which the leader was reaped: once nobody of its session is left either, a stranger's
   * session can come by its number, while others of this tree still have their grace.
   */
  leaderEnded(): void {
    this.#leaderLives = false;
  }

  /**
   * Who lives of it, without the leader.
   *
   * @param thorough see `ProcessTable.update`.
   * @returns null when processes cannot be seen on this host, or not now.
   */
  living(thorough: boolean): Process[] | null {
    if (!this.#table.update(thorough)) return null;
    for (const process of this.#table.marked(this.#mark)) this.#take(process);
    if (this.#looksWithoutSession < LOOKS_UNTIL_FREE) {
      for (const process of this.#table.inSession(this.leader)) this.#take(process);
    }
    if (this.#shell !== null && asItIsNow(this.#shell) !== null) this.#takeChildrenOf(this.#shell);
    const living: Process[] = [];
    // Grows while it is gone through: by the children of each.
    for (const process of this.#found.values()) {
      const now = asItIsNow(process);
      if (now === null) this.#forget(process);
      else {
        living.push(now);
        this.#takeChildrenOf(now);
      }
    }
    this.#noteSession(living);
    return living;
  }

  #noteSession(living: readonly Process[]): void {
    if (this.#leaderLives || this.#looksWithoutSession === LOOKS_UNTIL_FREE) return;
    const lives = living.some(({ session }) => session === this.leader);
    this.#looksWithoutSession = lives ? 0 : this.#looksWithoutSession + 1;
  }

  /** An older one is the child of whoever had the number before. */
  #takeChildrenOf(parent: Process): void {
    for (const child of this.#table.childrenOf(parent.pid)) {
      if (child.startedAt >= parent.startedAt && !isWatchdog(child)) this.#take(child);
    }
  }

  #take(process: Process): void {
    if (process.pid !== this.leader && !this.#found.has(process.pid)) this.#found.set(process.pid, process);
  }

  #forget(process: Process): void {
    this.#found.delete(process.pid);
    this.#table.forget(process);
  }
}

/** That of a jobsched which the command started: it is to live on for a moment, and end what that one's commands left. */
function isWatchdog({ pid, session }: Process): boolean {
  return pid === session && environmentOf(pid, WATCHDOG) === '1';
}
