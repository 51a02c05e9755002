/**
 * The processes of this host, kept up to date at little cost.
 *
 * Read as a whole once, and then again only when too many process ids have been given out since (`fresh-numbers.ts`);
 * otherwise just the new ones are looked at. So a look costs some microseconds, whoever looks, and however often; an id is
 * looked at once for all. What has ended stays in here until somebody asks for it: whoever takes something from here makes
 * sure that it is still there (`asItIsNow`).
 *
 * Nobody can come into a session from outside. So who is in a session of strangers is none of ours, and not kept.
 */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';
import { thisInstance } from '../../instance.ts';
import { FreshNumbers } from './fresh-numbers.ts';
import { environmentOf, isThread, readProcess, type Process } from './process.ts';

/** The variable of a command's environment that all have who come from it, but for those that do away with it. */
export const MARK = 'JOBSCHED_MARK';
/** That of a watchdog, which no command has. */
export const WATCHDOG = 'JOBSCHED_WATCHDOG';

/** Reading one by one what is new is worth it up to so many, or as many as there are processes. */
const FEW = 256;
/** An id is given out some moments before its process can be seen, and `exec` empties an environment for a moment. */
const SETTLED_AFTER: Millis = 50;

export class ProcessTable {
  readonly #clock: Clock;
  readonly #isOurs: (mark: string) => boolean;
  readonly #numbers: FreshNumbers;
  /** Null where process ids under /proc are not those that we know: no Linux, or another container's `/proc`. */
  readonly #since: number | null;
  #all = new Index();
  /** Those to be looked at once more, and when, the earliest first. */
  readonly #unsettled = new Map<number, Millis>();
  readonly #started = new Set<number>();
  /** Sessions of which no process can have come from a command of ours. */
  readonly #foreign = new Set<number>();
  /** How many processes there were when all were read. */
  #count = 0;
  #readInThisTurn = false;

  /** @param isOurs which marks matter. */
  constructor(clock: Clock, isOurs: (mark: string) => boolean) {
    this.#clock = clock;
    this.#isOurs = isOurs;
    this.#numbers = new FreshNumbers(clock);
    this.#since = showsOurIds() ? thisInstance().startedTicks : null;
  }

  /** Says that this process has just started that one, which need not be looked at. */
  started(pid: number): void {
    if (this.#since === null) return;
    this.#started.add(pid);
    this.#foreign.delete(pid);
  }

  /**
   * @param thorough looks once more also at what has just been looked at: somebody will be killed.
   * @returns false when the processes cannot be seen.
   */
  update(thorough: boolean): boolean {
    if (this.#since === null) return false;
    const fresh = this.#numbers.take();
    const few = fresh !== null && fresh.last - fresh.first <= Math.max(FEW, this.#count);
    const seen = few || this.#readAll();
    if (few) for (let pid = fresh.first; pid <= fresh.last; pid++) if (!this.#started.has(pid)) this.#readNew(pid);
    this.#settle(thorough);
    this.#started.clear();
    return seen;
  }

  marked(mark: string): Iterable<Process> {
    return this.#all.byMark.get(mark) ?? [];
  }

  inSession(session: number): Iterable<Process> {
    return this.#all.bySession.get(session) ?? [];
  }

  childrenOf(parent: number): Iterable<Process> {
    return this.#all.byParent.get(parent) ?? [];
  }

  /** To be told of what was found to have ended. */
  forget(ended: Process): void {
    this.#all.remove(ended.pid);
  }

  close(): void {
    this.#numbers.close();
  }

  /** Once a turn, for all who look in it. */
  #readAll(): boolean {
    if (this.#readInThisTurn) return true;
    const pids = pidsOf('/proc');
    if (pids === null) return false;
    this.#readInThisTurn = true;
    setImmediate(() => (this.#readInThisTurn = false));
    const before = this.#all;
    this.#all = new Index();
    this.#count = pids.length;
    this.#foreign.clear();
    for (const pid of pids) this.#read(Number(pid), before);
    return true;
  }

  #readNew(pid: number): void {
    if (!existsSync(`/proc/${pid}`)) this.#lookAgainAt(pid);
    else this.#read(pid, null);
  }

  #lookAgainAt(pid: number): void {
    // Behind those that were there before: a key that is set again keeps its place.
    this.#unsettled.delete(pid);
    this.#unsettled.set(pid, this.#clock.monotonic() + SETTLED_AFTER);
  }

  #settle(thorough: boolean): void {
    const now = this.#clock.monotonic();
    for (const [pid, when] of this.#unsettled) {
      const due = when <= now;
      if (!due && !thorough) return;
      if (due) this.#unsettled.delete(pid);
      if (existsSync(`/proc/${pid}`)) this.#read(pid, null);
    }
  }

  #read(pid: number, before: Index | null): void {
    // As a session it may have been a stranger's, whose number it got.
    this.#foreign.delete(pid);
    const found = readProcess(pid);
    if (found === null || this.#foreign.has(found.session) || (before === null && isThread(pid))) return;
    const known = this.#unsettled.has(pid) ? undefined : before?.markOf(found);
    const mark = known === undefined ? this.#markOf(found) : known;
    if (mark === undefined && !this.#unsettled.has(pid)) this.#lookAgainAt(pid);
    if (mark === null && this.#leadsStrangers(found)) this.#foreign.add(pid);
    else this.#all.add(found, mark ?? null);
  }

  /** Who has no mark can still be the child of one who has. */
  #leadsStrangers({ pid, session, parent, startedAt }: Process): boolean {
    if (pid !== session || this.#started.has(pid)) return false;
    if (pid === process.pid || parent === process.pid || parent <= 1 || startedAt < (this.#since ?? 0)) return true;
    const above = readProcess(parent);
    return above !== null && this.#foreign.has(above.session);
  }

  /** Who is older than we are is of no command of ours. */
  #markOf({ pid, startedAt }: Process): string | null | undefined {
    if (this.#since === null || startedAt < this.#since) return null;
    const mark = environmentOf(pid, MARK);
    return mark === undefined || mark === null || this.#isOurs(mark) ? mark : null;
  }
}

/** Processes by what they are looked up by. */
class Index {
  readonly byMark = new Map<string, Set<Process>>();
  readonly bySession = new Map<number, Set<Process>>();
  readonly byParent = new Map<number, Set<Process>>();
  readonly #byPid = new Map<number, { readonly process: Process; readonly mark: string | null }>();

  add(process: Process, mark: string | null): void {
    this.remove(process.pid);
    this.#byPid.set(process.pid, { process, mark });
    if (mark !== null) put(this.byMark, mark, process);
    put(this.bySession, process.session, process);
    put(this.byParent, process.parent, process);
  }

  remove(pid: number): void {
    const entry = this.#byPid.get(pid);
    if (entry === undefined) return;
    this.#byPid.delete(pid);
    if (entry.mark !== null) take(this.byMark, entry.mark, entry.process);
    take(this.bySession, entry.process.session, entry.process);
    take(this.byParent, entry.process.parent, entry.process);
  }

  /** Undefined when the process is not known. */
  markOf({ pid, startedAt }: Process): string | null | undefined {
    const entry = this.#byPid.get(pid);
    return entry?.process.startedAt === startedAt ? entry.mark : undefined;
  }
}

function put<K>(index: Map<K, Set<Process>>, key: K, process: Process): void {
  const those = index.get(key);
  if (those) those.add(process);
  else index.set(key, new Set([process]));
}

function take<K>(index: Map<K, Set<Process>>, key: K, process: Process): void {
  const those = index.get(key);
  if (those?.delete(process) && those.size === 0) index.delete(key);
}

function showsOurIds(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}

function pidsOf(folder: string): string[] | null {
  try {
    return readdirSync(folder).filter((name) => /^\d/.test(name));
  } catch {
    return null;
  }
}
