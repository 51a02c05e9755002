/** Commands that testify all the time that they live: what tells from outside whether two attempts ran side by side. */
import { readFile } from 'node:fs/promises';

/** When an attempt testified for the first time and for the last, in ms since 1970. */
export interface Life {
  readonly from: number;
  readonly to: number;
}

export interface LifelineOptions {
  /** Whether it ignores SIGTERM. */
  readonly deaf?: boolean;
}

/** About how often it testifies, in seconds. */
const PAUSE = 0.1;

/** The first attempt lives until it is ended; later ones say once that they live, and succeed. */
export function lifeline(file: string, { deaf = false }: LifelineOptions = {}): string {
  const beat = `echo "$JOBSCHED_RUN_ID $JOBSCHED_ATTEMPT $(date +%s%3N)" >> '${file}'`;
  return `${deaf ? "trap '' TERM; " : ''}echo lives; while ${beat}; [ "$JOBSCHED_ATTEMPT" = 1 ]; do sleep ${PAUSE}; done`;
}

/** The lives of a run's attempts, the first attempt first. */
export async function livesOf(file: string, run: string): Promise<Life[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.split(' '));
  const beats = lines.filter(([id]) => id === run).map(([, attempt, at]) => ({ attempt, at: Number(at) }));
  const attempts = [...Map.groupBy(beats, ({ attempt }) => Number(attempt))].toSorted(([a], [b]) => a - b);
  return attempts.map(([, of]) => ({
    from: Math.min(...of.map(({ at }) => at)),
    to: Math.max(...of.map(({ at }) => at)),
  }));
}
