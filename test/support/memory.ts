/** How much memory another process takes, as /proc shows it. */
import { readFile, writeFile } from 'node:fs/promises';

/** Resident now, in bytes. From here on {@link mostResident} counts anew. */
export async function residentFromNow(pid: number): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  return inBytes(pid, 'VmRSS');
}

/** The most that was resident at once since {@link residentFromNow}, in bytes. */
export function mostResident(pid: number): Promise<number> {
  return inBytes(pid, 'VmHWM');
}

async function inBytes(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status tells no ${field}`);
  return Number(kilobytes) * 1024;
}
