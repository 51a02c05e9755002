/** Where the commands of a chaos run say for themselves when they began and ended; nothing of the scheduler writes there. */
import { readFile } from 'node:fs/promises';
import type { Testimony } from './history.ts';

const EVENTS = ['begin', 'beat', 'end'] as const satisfies readonly Testimony['event'][];

/**
 * A command that testifies before and after `work`, and exits as that does. Work that takes its time calls `beat` now and
 * then, so that it shows when it last lived, should somebody end it.
 *
 * Appends of one short line each are atomic on Linux. The time is that of the machine, which is Redis's too.
 */
export function testifying(file: string, work: string): string {
  const say = (event: Testimony['event']): string =>
    `echo "${event} $JOBSCHED_JOB_NAME $JOBSCHED_RUN_ID $JOBSCHED_ATTEMPT \${JOBSCHED_SCHEDULED_FOR:--} $(date +%s%3N)" >> '${file}'`;
  return `beat() { ${say('beat')}; }; ${say('begin')}; (${work}); code=$?; ${say('end')}; exit $code`;
}

/** What has been said so far; nothing when no command has run yet. */
export async function readTestimonies(file: string): Promise<Testimony[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [event, job = '', run = '', attempt, slot = '-', time] = line.split(' ');
      return {
        event: EVENTS.find((one) => one === event) ?? 'end',
        job,
        run,
        attempt: Number(attempt),
        slot: slot === '-' ? null : Date.parse(slot),
        at: Number(time),
      };
    });
}
