/**
 * A process whose wall clock is wrong, and jumps when the test says so: `Date` alone is moved, as a machine's wall clock
 * would be; timers and the monotonic clock go on as they were.
 *
 * This file is loaded into a daemon ahead of the program (`node --import`), and reads from a file by how many
 * milliseconds its clock is ahead: at its start, and again at each SIGUSR2.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Millis } from '../../src/domain/instant.ts';
import type { DaemonProcess } from './daemon-process.ts';

/** Names the file that says by how much. */
const VARIABLE = 'JOBSCHED_TEST_CLOCK';

export interface ShiftedClock {
  /** What a daemon needs in its environment to have this clock. */
  readonly env: Readonly<Record<string, string>>;
  /** Its clock is so far ahead from now on. Resolves when the daemon has been told. */
  shift(daemon: DaemonProcess, ahead: Millis): Promise<void>;
}

/** @param folder where its file may lie. @param name no other clock there has it. */
export async function shiftedClock(folder: string, name: string, ahead: Millis): Promise<ShiftedClock> {
  const file = join(folder, `clock-${name}`);
  await writeFile(file, String(ahead));
  return {
    env: { [VARIABLE]: file, NODE_OPTIONS: `--import=${fileURLToPath(import.meta.url)}` },
    shift: async (daemon, to) => {
      await writeFile(file, String(to));
      daemon.process.kill('SIGUSR2');
    },
  };
}

function moveClock(file: string): void {
  const RealDate = Date;
  const realNow = RealDate.now.bind(RealDate);
  const read = (): number => Number(readFileSync(file, 'utf8'));
  let ahead = read();
  process.on('SIGUSR2', () => {
    ahead = read();
  });
  const now = (): number => realNow() + ahead;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, property) => (property === 'now' ? now : (Reflect.get(target, property) as unknown)),
  });
}

const file = process.env[VARIABLE];
if (file !== undefined) moveClock(file);
