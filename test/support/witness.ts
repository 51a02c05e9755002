/**
 * A file in which commands say for themselves that they ran, independent of the scheduler.
 *
 * Each line is `<run id> <attempt> <slot or -> <start|end>`. Appends of one short line each are atomic on Linux.
 */
import { readFile } from 'node:fs/promises';

export interface WitnessLine {
  readonly run: string;
  readonly attempt: number;
  readonly slot: string;
  readonly event: 'start' | 'end';
}

/** A command that testifies before and after `work`. */
export function witnessed(file: string, work: string): string {
  const say = (event: WitnessLine['event']): string =>
    `echo "$JOBSCHED_RUN_ID $JOBSCHED_ATTEMPT \${JOBSCHED_SCHEDULED_FOR:--} ${event}" >> '${file}'`;
  return `${say('start')}; ${work}; ${say('end')}`;
}

/** What it holds now; nothing when no command has run yet. */
export async function readWitness(file: string): Promise<WitnessLine[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [run = '', attempt = '', slot = '', event = ''] = line.split(' ');
      return { run, attempt: Number(attempt), slot, event: event as WitnessLine['event'] };
    });
}
