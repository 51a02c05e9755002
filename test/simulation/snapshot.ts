/** All that the engine tells of jobs and runs at one moment. */
import type { Millis } from '../../src/domain/instant.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Attempt, Run } from '../../src/domain/run.ts';
import type { OutputPage } from '../../src/store/output.ts';
import type { Page } from '../../src/store/views.ts';
import type { Engine } from './engine.ts';

export interface SeenRun {
  readonly run: Run;
  readonly attempts: readonly Attempt[];
}

export interface Snapshot {
  readonly at: Millis;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly runs: ReadonlyMap<string, SeenRun>;
  /** Reads what is kept of an attempt's output. */
  readonly outputs: ReadonlyMap<string, string>;
}

const PAGE = 200;

export async function takeSnapshot(engine: Engine, at: Millis): Promise<Snapshot> {
  const jobs = await all<Job>(engine, 'listJobs');
  const rows = await all<Run>(engine, 'listRuns');
  const runs = new Map<string, SeenRun>();
  const outputs = new Map<string, string>();
  for (const { id } of rows) {
    const seen = (await engine.call('getRun', [id])) as SeenRun | null;
    if (seen === null) continue;
    runs.set(id, seen);
    for (const { number, fence, outputBytes } of seen.attempts) {
      if (outputBytes > 0) outputs.set(`${id} ${fence}`, await outputOf(engine, id, number));
    }
  }
  return { at, jobs: new Map(jobs.map((job) => [job.id, job])), runs, outputs };
}

async function all<T>(engine: Engine, method: 'listJobs' | 'listRuns'): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page = (await engine.call(method, [{}, PAGE, cursor])) as Page<T>;
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

async function outputOf(engine: Engine, run: string, attempt: number): Promise<string> {
  const page = (await engine.call('readOutput', [run, attempt, 0])) as OutputPage | null;
  return Buffer.concat((page?.frames ?? []).map(({ bytes }) => bytes)).toString();
}
