/** One chaos run: a fleet, jobs, faults from a seed, a calm in which all comes to its end, and the verdict. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE, SECOND, type Instant, type Millis } from '../../src/domain/instant.ts';
import { check } from './checker.ts';
import { planFaults, type FaultKind, type PlannedFault } from './fault-plan.ts';
import { openFleet } from './fleet.ts';
import type { AskedJob, History } from './history.ts';
import { inflict } from './inflict.ts';
import { planJobs, type PlannedJob } from './jobs.ts';
import { person, recordedRuns, type Person } from './people.ts';
import { reportOn, type Report } from './report.ts';
import { readTestimonies } from './witness.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** How long faults come. */
  readonly duration: Millis;
  readonly servers: number;
  readonly workers: number;
  readonly jobs: number;
  /** Of each worker. Default: 64, so that work never waits for one. */
  readonly concurrency?: number;
  /** Default: all. */
  readonly kinds?: readonly FaultKind[];
  /** These instead of what the seed says. */
  readonly plan?: readonly PlannedFault[];
  /** Of schedules, in seconds. Default: 10 to 60. */
  readonly periods?: readonly number[];
  /** Of jobs, in seconds. Default: 0 to 20. */
  readonly lostAfter?: readonly number[];
  /** Told what is done. Default: nobody. */
  readonly tell?: (line: string) => void;
  /** Where to leave the history as JSON, all that was judged. Default: nowhere. */
  readonly keepHistory?: string;
}

/** Slots go on for so long after the faults: those must be like any others. */
const CALM: Millis = 5 * SECOND;
/** Beyond this a run that has not ended is stuck: `lost_after_seconds` is 20 at most here, and an attempt takes 6 s. */
const PATIENCE: Millis = 3 * MINUTE;

export async function runChaos(options: ChaosOptions): Promise<Report> {
  const { seed, duration, tell = () => undefined } = options;
  await using fleet = await openFleet({ ...options, concurrency: options.concurrency ?? 64 });
  await using asker = person(fleet.urls);
  const witness = join(fleet.folder, 'witness');
  const from = Math.ceil(Date.now() / SECOND + 5 + options.jobs / 50) * SECOND;
  const until = from + duration + CALM;
  // Each has a slot, whenever it begins.
  const periods = (options.periods ?? [10, 15, 20, 30, 60]).filter((seconds) => seconds * SECOND <= duration);
  const planned = planJobs({
    count: options.jobs,
    from,
    until,
    witness,
    periods,
    lostAfter: options.lostAfter ?? [0, 5, 20],
  });
  const cron = await Promise.all(planned.cron.map((job) => asker.submit(job, from)));
  if (Date.now() > from || cron.some(({ acknowledged }) => !acknowledged)) throw new Error('the jobs came too late');
  await sleep(from - Date.now());
  const plan = options.plan ?? planFaults(options);
  tell(`seed ${seed}: ${plan.length} faults over ${duration / SECOND} s`);
  const [faults, once] = await Promise.all([
    inflict(fleet, plan, seed),
    submitMeanwhile(asker, planned.once, { from, until }),
  ]);
  tell(`all is well again; waiting for what is under way`);
  await sleep(Math.max(0, until - Date.now()));
  const late = Date.now() + PATIENCE;
  await settled(asker, late);
  const runs = await recordedRuns(asker, late + MINUTE);
  const servers = fleet.servers.map(({ name }) => name);
  const history: History = { servers, jobs: [...cron, ...once], faults, witness: await readTestimonies(witness), runs };
  if (options.keepHistory !== undefined) await writeFile(options.keepHistory, JSON.stringify(history));
  return reportOn(seed, history, check(history));
}

/** One after the other, spread over the time of the faults, whatever stands in their way. */
async function submitMeanwhile(
  asker: Person,
  jobs: readonly PlannedJob[],
  { from, until }: { readonly from: Instant; readonly until: Instant },
): Promise<AskedJob[]> {
  return Promise.all(
    jobs.map(async (job, index) => {
      await sleep(Math.max(0, from + ((until - from) * index) / jobs.length - Date.now()));
      return asker.submit(job, until + MINUTE);
    }),
  );
}

/** Resolves when no slot is left to come and no run is under way, or when it is `late`. */
async function settled(asker: Person, late: Instant): Promise<void> {
  while (Date.now() < late) {
    const open = await asker.ask(async (client) => {
      const { rows } = await client.jobs.list({ status: ['scheduled'], limit: 1 });
      const { runs } = await client.stats();
      return rows.length + runs.pending + runs.running;
    }, late);
    if (open === 0) return;
    await sleep(500);
  }
}
