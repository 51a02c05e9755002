/**
 * Whether the commands of a process that was killed may live still: its watchdog lets them end by themselves for up to two
 * seconds (`watchdog.ts`), and can be found by its name in the list of processes. Where there is no /proc nobody is found.
 */
import { readdirSync, readFileSync } from 'node:fs';

const NAME = /\0jobsched-watchdog-of-(\d+)\0/;

/** @param pid of the process that it is the watchdog of. */
export const watchdogName = (pid: number): string => `jobsched-watchdog-of-${pid}`;

/** The processes whose watchdogs live. */
export function watchedProcesses(): Set<number> {
  return new Set(processIds().flatMap((id) => watchedBy(id) ?? []));
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function watchedBy(id: string): number | null {
  try {
    const [, pid] = NAME.exec(readFileSync(`/proc/${id}/cmdline`, 'latin1')) ?? [];
    return pid === undefined ? null : Number(pid);
  } catch {
    return null;
  }
}
