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
import { asItIsNow, readProcess, type Process } from './process.ts';
import type { ProcessTable } from './process-table.ts';

export class ProcessTree {
  /** The process, session and group id of the shell that was started. */
  readonly leader: number;
  readonly #mark: string;
  readonly #table: ProcessTable;
  /** Who was found, as found. */
  readonly #found = new Map<number, Process>();
  #shell: Process | null = null;

  constructor(table: ProcessTable, leader: number, mark: string) {
    this.#table = table;
    this.leader = leader;
    this.#mark = mark;
  }

  /** To be called while the leader has not been reaped: from then on its children are found as well, while it lives. */
  watchLeader(): void {
    this.#shell ??= readProcess(this.leader);
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
    for (const process of this.#table.inSession(this.leader)) this.#take(process);
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
    return living;
  }

  /** An older one is the child of whoever had the number before. */
  #takeChildrenOf(parent: Process): void {
    for (const child of this.#table.childrenOf(parent.pid)) if (child.startedAt >= parent.startedAt) this.#take(child);
  }

  #take(process: Process): void {
    if (process.pid !== this.leader && !this.#found.has(process.pid)) this.#found.set(process.pid, process);
  }

  #forget(process: Process): void {
    this.#found.delete(process.pid);
    this.#table.forget(process);
  }
}
