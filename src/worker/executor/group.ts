/** Whole process groups: signals to them, and whether anybody is left. */
import { readdirSync, readFileSync } from 'node:fs';

/** @returns false when no process of the group is left. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: somebody is there, but not ours to signal.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** TERM, and CONT after it: a process that was stopped could not act on it. */
export function askGroupToEnd(group: number): void {
  signalGroup(group, 'SIGTERM');
  signalGroup(group, 'SIGCONT');
}

/**
 * Whether a process of the group runs. An orphan that has ended stays a zombie until process 1 reaps it, and can be
 * signalled until then: seconds where that is slow, for ever in a container whose process 1 never does.
 */
export function groupIsAlive(group: number): boolean {
  return signalGroup(group, 0) && (process.platform !== 'linux' || someoneRuns(group));
}

/** By the process table. When that cannot be read, the signal's word stands. */
function someoneRuns(group: number): boolean {
  return runningGroups()?.has(group) ?? true;
}

/** The table is read once a turn for all who ask: it is long on a busy host, and many runs may be ending at once. */
let seen: { readonly groups: ReadonlySet<number> | null } | null = null;

function runningGroups(): ReadonlySet<number> | null {
  if (!seen) {
    seen = { groups: readGroups() };
    setImmediate(() => (seen = null));
  }
  return seen.groups;
}

/** The groups of all processes that run; null when the table cannot be read. */
function readGroups(): ReadonlySet<number> | null {
  try {
    const pids = readdirSync('/proc').filter((entry) => /^\d/.test(entry));
    return new Set(pids.map(groupOf).filter((group) => group !== null));
  } catch {
    return null;
  }
}

/** Null for a process that has ended. */
function groupOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // "pid (name) state parent group …", and the name may hold anything.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : Number(group);
  } catch {
    return null;
  }
}
