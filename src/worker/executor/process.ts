/** A process of this host, as Linux tells of it under `/proc`. */
import { closeSync, openSync, readSync } from 'node:fs';

/** Its id and when it began tell it from all others: ids are given out again. */
export interface Process {
  readonly pid: number;
  /** Ticks since the boot. */
  readonly startedAt: number;
  /** When it was looked at; it is process 1's, or another reaper's, when its own parent ends. */
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** Null when there is none, or it has ended and only waits for its parent to notice. */
export function readProcess(pid: number | string): Process | null {
  try {
    const stat = read(`/proc/${pid}/stat`);
    // "pid (name) state parent group session …", and the name may hold anything; the 22nd field is the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const at = (index: number): number => Number(fields[index]);
    return { pid: Number(pid), parent: at(1), group: at(2), session: at(3), startedAt: at(19) };
  } catch {
    return null;
  }
}

/** The same process as it is now; null when it has ended, whoever may have its number by now. */
export function asItIsNow({ pid, startedAt }: Process): Process | null {
  const now = readProcess(pid);
  return now?.startedAt === startedAt ? now : null;
}

/** Signals that process, and none that has come by its number. */
export function signalProcess(process_: Process, signal: NodeJS.Signals): void {
  if (asItIsNow(process_) === null) return;
  try {
    process.kill(process_.pid, signal);
  } catch {
    // It ended this moment, or is another user's: whoever wants to know looks again.
  }
}

/**
 * What its environment says of a variable: what it began with, also when it has changed that since. Null when it does not
 * have it, or may not be looked into; undefined when there is nothing to be seen yet, as in the middle of an `exec`.
 */
export function environmentOf(pid: number, variable: string): string | null | undefined {
  try {
    const all = read(`/proc/${pid}/environ`);
    if (all === '') return undefined;
    const from = `\0${all}`.indexOf(`\0${variable}=`);
    if (from < 0) return null;
    const end = all.indexOf('\0', from);
    return all.slice(from + variable.length + 1, end < 0 ? undefined : end);
  } catch {
    return null;
  }
}

/** A thread has a number, too, and can be looked at by it. */
export function isThread(pid: number): boolean {
  try {
    const group = /^Tgid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
    return group !== String(pid);
  } catch {
    return false;
  }
}

let buffer = Buffer.allocUnsafe(16 * 1024);

/** Half the price of `readFileSync`, which asks for the size first; files under /proc do not know theirs. */
function read(path: string): string {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let more = 1; more > 0; length += more) {
      if (length === buffer.length) buffer = Buffer.concat([buffer, buffer]);
      more = readSync(file, buffer, length, buffer.length - length, null);
    }
    return buffer.toString('latin1', 0, length);
  } finally {
    closeSync(file);
  }
}
