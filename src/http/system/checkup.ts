/** What the server can tell `jobsched doctor`: of its engine, its clock, its workers, and of what waits in vain. */
import { fine, problem, warning, type Finding } from '../../domain/finding.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';
import { HOST_QUEUE_PREFIX } from '../../domain/queue.ts';
import { JobschedError } from '../../errors.ts';
import type { WorkerRecord } from '../../store/workers.ts';
import type { App } from '../app.ts';
import { shellQuote } from '../../shell-quote.ts';
import { readiness } from './readiness.ts';

/** Beyond it a time that is read off one clock and given to the other is wrong for people, too. */
const MUCH_SKEW: Millis = 2 * SECOND;

export async function checkup(app: App): Promise<readonly Finding[]> {
  const parts = await readiness(app);
  const findings = parts.map(({ name, ready, detail }) =>
    ready ? fine(name, detail) : problem(name, detail, REMEDIES[name] ?? 'Look at its log.'),
  );
  if (parts[0]?.ready !== true) return findings;
  try {
    const [clock, engine, workers, waiting] = [
      await skew(app),
      await app.store.checkup(),
      await app.store.workers(),
      await waits(app),
    ];
    return [...findings, clock, ...engine, ...workerFindings(workers, app), ...waiting];
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return [...findings, problem('engine', error.message, error.hint ?? 'Look at its log.')];
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  engine: 'Start it, or mend what it says; jobsched goes on by itself.',
  scheduler: "Look at the server's log.",
  worker: "Look at the server's log.",
};

/** The engine's clock decides; ours is read in the middle of asking it. */
async function skew({ store, clock }: App): Promise<Finding> {
  const before = clock.now();
  const engine = await store.now();
  const off = engine - (before + clock.now()) / 2;
  const words = `the server's clock and the engine's are ${Math.abs(Math.round(off))} ms apart`;
  if (Math.abs(off) < MUCH_SKEW) return fine('clock of the server', words);
  return warning('clock of the server', words, 'Let NTP set both: chronyc tracking, timedatectl.');
}

function workerFindings(all: readonly WorkerRecord[], { version, store }: App): readonly Finding[] {
  const alive = all.filter((worker) => worker.alive);
  if (alive.length === 0) {
    const { flags } = store.capabilities;
    const remedy = flags === undefined ? 'Start it again: jobsched standalone' : `Start one: ${workerLine(flags)}`;
    return [problem('workers', 'no worker is there: no job runs', remedy)];
  }
  const others = alive.filter((worker) => worker.version !== version);
  const names = others.map((worker) => `${worker.name} ${worker.version}`).join(', ');
  const slots = alive.reduce((sum, worker) => sum + worker.concurrency, 0);
  const busy = alive.reduce((sum, worker) => sum + worker.running, 0);
  return [
    fine('workers', `${alive.length} there, ${busy} of ${slots} slots busy`),
    others.length === 0
      ? fine('versions', `the server and all workers are ${version}`)
      : warning(
          'versions',
          `the server is ${version}, and others are not: ${names}`,
          'Upgrade them: docs/upgrading.md.',
        ),
  ];
}

const workerLine = (flags: readonly string[]): string => shellQuote(['jobsched', 'worker', ...flags]);

/** Who serves the queue of a worker's own is that worker, wherever it is started. */
function serveQueue(name: string, { capabilities: { flags } }: App['store'], workers: readonly WorkerRecord[]): string {
  if (name.startsWith(HOST_QUEUE_PREFIX)) {
    const pinnedTo = name.slice(HOST_QUEUE_PREFIX.length);
    return flags === undefined
      ? `They are pinned to ${pinnedTo}, which this is not: change the queue of their jobs.`
      : `Start the worker of that name, on that host: ${workerLine([...flags, '--name', pinnedTo])}`;
  }
  return flags === undefined ? servingToo(name, workers) : `Start one: ${workerLine([...flags, '--queue', name])}`;
}

/** A standalone's worker is in it, and what it serves is said all at once. */
function servingToo(name: string, workers: readonly WorkerRecord[]): string {
  const served = workers.filter(({ alive }) => alive).flatMap(({ queues }) => queues);
  const named = served.filter((queue) => !queue.startsWith(HOST_QUEUE_PREFIX));
  return `Start it with this queue too: jobsched standalone --queue ${[...named, name].join(',')}`;
}

async function waits({ store }: App): Promise<readonly Finding[]> {
  const [queues, counts, workers] = [await store.queues(), await store.counts(), await store.workers()];
  const served = new Set(workers.filter((worker) => worker.alive).flatMap((worker) => worker.queues));
  const stuck = queues.filter(({ name, queued }) => queued > 0 && !served.has(name));
  const paused = queues.filter((queue) => queue.paused);
  return [
    ...stuck.map(({ name, queued }) =>
      problem(
        'queues',
        `${queued} ${queued === 1 ? 'run waits' : 'runs wait'} in ${name}, which no worker serves`,
        serveQueue(name, store, workers),
      ),
    ),
    ...paused.map(({ name }) =>
      warning('queues', `${name} is paused: its runs wait`, `jobsched queues resume ${name}`),
    ),
    ...(stuck.length + paused.length === 0 ? [fine('queues', 'every queue with runs has a worker')] : []),
    counts.overdue === 0
      ? fine('slots', 'every slot is fired in time')
      : problem(
          'slots',
          `${counts.overdue} jobs wait for a slot that has come`,
          'A server fires them: jobsched serve. See its log.',
        ),
  ];
}
