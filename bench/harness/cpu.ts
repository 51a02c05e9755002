/** What processes take of the machine, as Linux tells it in /proc. */
import { readFileSync } from 'node:fs';

/** The unit of the kernel's times, the same on every Linux: `getconf CLK_TCK`. */
const TICKS_A_SECOND = 100;

/** Seconds of a core that a process and its threads have used since it began, and those of its children that have ended. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // After the name, which may hold anything: state is the 3rd field, utime, stime, cutime and cstime the 14th to 17th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / TICKS_A_SECOND;
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

export interface Watched<Result> {
  readonly result: Result;
  readonly seconds: number;
  readonly cores: Readonly<Record<string, number>>;
}

/** Does the work and tells how long it took and what these processes used meanwhile. */
export async function watch<Result>(
  pids: Readonly<Record<string, number>>,
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  const processes = Object.entries(pids);
  const before = processes.map(([, pid]) => cpuSeconds(pid));
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  const cores = processes.map(([name, pid], index) => [name, (cpuSeconds(pid) - (before[index] ?? 0)) / seconds]);
  return { result, seconds, cores: Object.fromEntries(cores) as Record<string, number> };
}
