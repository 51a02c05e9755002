/**
 * What callers were told was done, for a minute: so that, when it is suddenly another server that answers, it can be
 * asked whether it has all of that.
 *
 *   acknowledged ──► kept ──a minute──► forgotten
 *                     └──another server──► looked for ──► there: kept │ gone: counted, and told loudly
 *
 * Redis may lose acknowledged writes when it fails over, or is started from an older file. Nothing here brings them back;
 * but somebody who was told that a job is there has to hear that it is not, and who paused one, that it is not paused.
 *
 * Of each change there is kept what shows that it holds. What somebody else changed since, through another server, is no
 * loss: a job tells when it was changed last, and what is gone was deleted if the log of changes still tells of it. (A
 * queue tells neither: settings that two servers made within a minute count as lost at a failover then.)
 */
import { systemClock } from '../../clock.ts';
import { parseRunId, type JobId, type RunId } from '../../domain/id.ts';
import { MINUTE, SECOND, type Instant, type Millis } from '../../domain/instant.ts';
import type { Job } from '../../domain/job.ts';
import { isFinal } from '../../domain/run-state.ts';
import { JobschedError } from '../../errors.ts';
import { NO_LOSSES, type Losses } from '../losses.ts';
import type { QueueChange } from '../queues.ts';
import { refsChanged } from './changes.ts';
import { findJob } from './jobs/find-jobs.ts';
import { getRun } from './runs/find-runs.ts';
import { keys } from './access/keys.ts';
import type { RedisLink } from './link/link.ts';
import { queues } from './counts/queues.ts';

/** What a failover may lose is younger by far. */
const KEPT: Millis = MINUTE;
/** Of each kind, the newest; what was changed again counts once. */
const MOST_KEPT = 10_000;
/** So many more until the oldest are forgotten together. */
const SLACK = 1_000;
/** So many are looked for at once. */
const STEP = 100;
/** So many are named. */
const MOST_NAMED = 5;

type Kind = keyof Losses;

const KINDS = Object.keys(NO_LOSSES) as readonly Kind[];

/** Whether what was done is still done. */
type Holds = (link: RedisLink) => Promise<boolean>;

interface Kept {
  /** The newest of a key counts. */
  readonly key: string;
  readonly at: Instant;
  readonly job: JobId | null;
  /** For people. */
  readonly name: string;
  readonly holds: Holds;
}

export class Acknowledged {
  /** The newest last: every submit comes through here, so nothing is looked up. */
  readonly #kept: Record<Kind, Kept[]> = { jobs: [], runs: [], ends: [], changes: [] };
  readonly #monotonic: () => Instant;
  #losses: Losses = NO_LOSSES;
  #sweptAt: Instant = 0;
  /** Nothing is forgotten for its age meanwhile. */
  #verifying = false;

  constructor(monotonic = systemClock.monotonic) {
    this.#monotonic = monotonic;
  }

  /** All that was found to be gone. */
  get losses(): Losses {
    return this.#losses;
  }

  made(job: JobId): void {
    this.#keep('jobs', job, job, job, (link) => hasJob(link, job));
  }

  triggered(run: RunId): void {
    this.#keep('runs', run, jobOf(run), run, async (link) => (await getRun(link, run)) !== null);
  }

  ended(run: RunId): void {
    this.#keep('ends', run, jobOf(run), run, async (link) => {
      const found = await getRun(link, run);
      // One that is gone altogether went with its job, or by its retention.
      return found === null || isFinal(found.run.status);
    });
  }

  /** @param what was done to it, as a noun. */
  changed(what: string, { id, version, updatedAt }: Job): void {
    this.#keep('changes', id, id, `${what} of ${id}`, async (link) => {
      const found = await findJob(link, id);
      if (found.status !== 'found') return isTold(link, id);
      return found.job.version > version || (found.job.version === version && found.job.updatedAt >= updatedAt);
    });
  }

  /** All that was known of it goes because somebody wants that. */
  deleted(job: JobId): void {
    this.#forget(new Set([job]));
    const isGone: Holds = async (link) => (await findJob(link, job)).status !== 'found';
    this.#keep('changes', job, job, `deletion of ${job}`, isGone);
  }

  cancelled(run: RunId): void {
    this.#keep('changes', run, jobOf(run), `cancel of ${run}`, async (link) => {
      const found = await getRun(link, run);
      return found === null || found.run.cancelRequested || isFinal(found.run.status);
    });
  }

  queueSet(name: string, { paused, maxRunning }: QueueChange): void {
    const key = `${paused === undefined ? 'limit' : 'pause'} of queue ${name}`;
    this.#keep('changes', key, null, `settings of queue ${name}`, async (link) => {
      const is = (await queues(link)).find((queue) => queue.name === name) ?? { paused: false, maxRunning: null };
      return (
        is.paused === (paused ?? is.paused) && is.maxRunning === (maxRunning === undefined ? is.maxRunning : maxRunning)
      );
    });
  }

  /** One that is there again lets somebody in. */
  keyRevoked(id: string): void {
    this.#keep('changes', `key ${id}`, null, `revocation of key ${id}`, async (link) => {
      return (await keys(link)).every((key) => key.id !== id);
    });
  }

  /**
   * One at a time.
   *
   * @param since when the link was lost, by the monotonic clock: what had been acknowledged in the minute before that is
   *   looked for, however long the link was away.
   * @returns what to tell people when something is gone that was there; else null. When it throws, nothing has been
   * counted or forgotten: ask again.
   */
  async verify(link: RedisLink, since: Instant): Promise<JobschedError | null> {
    this.#sweep(since);
    this.#verifying = true;
    try {
      return this.#count({
        jobs: await this.#gone(link, 'jobs'),
        runs: await this.#gone(link, 'runs'),
        ends: await this.#gone(link, 'ends'),
        changes: await this.#gone(link, 'changes'),
      });
    } finally {
      this.#verifying = false;
    }
  }

  #count(found: Readonly<Record<Kind, readonly Kept[]>>): JobschedError | null {
    const { losses } = this;
    const jobs = this.#take('jobs', found.jobs);
    // With a job went what was done to it.
    this.#forget(new Set(jobs.flatMap(({ job }) => job ?? [])));
    const runs = this.#take('runs', found.runs);
    const ends = this.#take('ends', found.ends);
    const changes = this.#take('changes', found.changes);
    this.#losses = {
      jobs: losses.jobs + jobs.length,
      runs: losses.runs + runs.length,
      ends: losses.ends + ends.length,
      changes: losses.changes + changes.length,
    };
    const count = jobs.length + runs.length + ends.length + changes.length;
    return count === 0 ? null : told({ jobs, runs, ends, changes });
  }

  #keep(kind: Kind, key: string, job: JobId | null, name: string, holds: Holds): void {
    const kept = this.#kept[kind];
    const at = this.#monotonic();
    kept.push({ key, at, job, name, holds });
    if (this.#verifying) return;
    if (kept.length > MOST_KEPT + SLACK || at > this.#sweptAt + SECOND) this.#sweep(at);
  }

  /** Forgets what is too old or too much. */
  #sweep(now: Instant): void {
    this.#sweptAt = now;
    for (const kind of KINDS) {
      const kept = this.#kept[kind];
      const young = kept.findIndex(({ at }) => at > now - KEPT);
      kept.splice(0, young === -1 ? kept.length : young);
      if (kept.length <= MOST_KEPT) continue;
      // What is changed again and again pushes nothing else out.
      this.#kept[kind] = newestOfEach(kept).slice(-MOST_KEPT);
    }
  }

  #forget(jobs: ReadonlySet<JobId>): void {
    if (jobs.size === 0) return;
    for (const kind of KINDS) this.#kept[kind] = this.#kept[kind].filter(({ job }) => job === null || !jobs.has(job));
  }

  /** Those that do not hold any more. */
  async #gone(link: RedisLink, kind: Kind): Promise<Kept[]> {
    const all = newestOfEach(this.#kept[kind]);
    const gone: Kept[] = [];
    for (let from = 0; from < all.length; from += STEP) {
      const some = all.slice(from, from + STEP);
      const hold = await Promise.all(some.map(({ holds }) => holds(link)));
      gone.push(...some.filter((_, index) => hold[index] === false));
    }
    if (gone.length === 0 || kind === 'ends' || kind === 'changes') return gone;
    // What was made and then deleted, through another server, is no loss.
    const refs = await refsChanged(link);
    return gone.filter(({ key }) => !refs.has(key));
  }

  /** @returns those of them that nobody has changed or deleted meanwhile; they are kept no longer. */
  #take(kind: Kind, gone: readonly Kept[]): Kept[] {
    const newest = new Set(newestOfEach(this.#kept[kind]));
    const taken = gone.filter((one) => newest.has(one));
    const keys = new Set(taken.map(({ key }) => key));
    this.#kept[kind] = this.#kept[kind].filter(({ key }) => !keys.has(key));
    return taken;
  }
}

/** In the order of these. */
function newestOfEach(kept: readonly Kept[]): Kept[] {
  const newest = new Map(kept.map((one) => [one.key, one]));
  return kept.filter((one) => newest.get(one.key) === one);
}

function jobOf(run: RunId): JobId | null {
  return parseRunId(run)?.job ?? null;
}

async function hasJob(link: RedisLink, id: string): Promise<boolean> {
  const [there] = await link.read([['EXISTS', `${link.prefix}d:${id}`]]);
  return there === 1;
}

async function isTold(link: RedisLink, ref: string): Promise<boolean> {
  return (await refsChanged(link)).has(ref);
}

function told(gone: Readonly<Record<Kind, readonly Kept[]>>): JobschedError {
  const parts = [
    words(gone.jobs, 'job', 'jobs'),
    words(gone.runs, 'run that was started by hand', 'runs that were started by hand'),
    words(gone.ends, 'end of a run', 'ends of runs'),
    words(gone.changes, 'change', 'changes'),
  ];
  return new JobschedError(
    'data_lost',
    `Redis has failed over, or come back with older data, and lost what was acknowledged: ${parts.filter((part) => part !== '').join('; ')}.`,
    {
      hint: 'Submit the jobs and make the changes again; runs whose end was lost are decided as lost. --durability replica keeps failovers from losing any.',
    },
  );
}

function words(gone: readonly Kept[], one: string, many: string): string {
  if (gone.length === 0) return '';
  const more = gone.length > MOST_NAMED ? ', …' : '';
  const names = gone.slice(0, MOST_NAMED).map(({ name }) => name);
  return `${gone.length} ${gone.length === 1 ? one : many} (${names.join(', ')}${more})`;
}
