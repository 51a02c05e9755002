/** Which process this is, and whether another is gone. */
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What tells a process from others, so that one can say whether another still lives. A process id alone does not: each
 * container counts its own from 1, often under the same host name, and the system uses them again. Null: not known here.
 */
export interface ProcessInstance {
  /** Of the running kernel: changes with every boot, and differs between machines. */
  readonly bootId: string | null;
  /** The namespace in which the process id counts, such as `pid:[4026531836]`. Means nothing in another boot. */
  readonly pidNamespace: string | null;
  /** When the process began, in the kernel's ticks since boot. */
  readonly startedTicks: number | null;
}

/** A process as another can be told of it. */
export interface Process {
  /** As it counts in its namespace. */
  readonly pid: number;
  readonly instance: ProcessInstance;
}

/** What Linux tells of this process; all null elsewhere. */
export function thisInstance(): ProcessInstance {
  return {
    bootId: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
    startedTicks: startOf('self'),
  };
}

/**
 * Whether that process is known to be gone. False for one that cannot be compared with this one: of another boot, which
 * may be another machine of the same name, or of another or an unknown namespace, where its number means another process.
 */
export function isGone(other: Process, self: Process): boolean {
  if (!sameAndKnown(other.instance.bootId, self.instance.bootId)) return false;
  if (!sameAndKnown(other.instance.pidNamespace, self.instance.pidNamespace)) return false;
  if (other.pid === self.pid || !processExists(other.pid)) return true;
  const startedNow = startOf(other.pid);
  return startedNow !== null && other.instance.startedTicks !== null && startedNow !== other.instance.startedTicks;
}

function sameAndKnown(one: string | null, other: string | null): boolean {
  return one !== null && one === other;
}

function startOf(pid: number | 'self'): number | null {
  return orNull(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // "pid (name) state …", and the name may hold anything; the start is the 22nd field, the 20th after the name.
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    return Number.isSafeInteger(ticks) ? ticks : null;
  });
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
