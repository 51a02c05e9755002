/**
 * What callers were told was done, for a minute: so that, when it is suddenly another server that answers, it can be
 * asked whether it has all of that.
 *
 *   acknowledged ──► kept ──a minute──► forgotten
 *                     └──another server──► looked for ──► there: kept │ gone: counted, and told loudly
 *
 * Redis may lose acknowledged writes when it fails over, or is started from an older file. Nothing here brings them back;
 * but somebody who was told that a job is there has to hear that it is not.
 */
import { systemClock } from '../../clock.ts';
import { parseRunId, type JobId, type RunId } from '../../domain/id.ts';
import { MINUTE, type Instant, type Millis } from '../../domain/instant.ts';
import { isFinal } from '../../domain/run-state.ts';
import { JobschedError } from '../../errors.ts';
import { NO_LOSSES, type Losses } from '../losses.ts';
import { getRun } from './find-runs.ts';
import type { RedisLink } from './link.ts';

/** What a failover may lose is younger by far. */
const KEPT: Millis = MINUTE;
/** Of each kind, the newest. */
const MOST_KEPT = 10_000;
/** So many are looked for at once. */
const STEP = 100;
/** So many are named. */
const MOST_NAMED = 5;

type Kind = keyof Losses;

export class Acknowledged {
  readonly #kept: Readonly<Record<Kind, Map<JobId | RunId, Instant>>> = {
    jobs: new Map(),
    runs: new Map(),
    ends: new Map(),
  };
  #losses: Losses = NO_LOSSES;

  /** All that was found to be gone. */
  get losses(): Losses {
    return this.#losses;
  }

  add(kind: Kind, id: JobId | RunId): void {
    const kept = this.#kept[kind];
    const now = systemClock.monotonic();
    // The newest are the last.
    kept.delete(id);
    kept.set(id, now);
    for (const [oldest, at] of kept) {
      if (kept.size <= MOST_KEPT && at > now - KEPT) break;
      kept.delete(oldest);
    }
  }

  /** It went because somebody wanted that. */
  forget(job: JobId): void {
    this.#kept.jobs.delete(job);
    for (const kept of [this.#kept.runs, this.#kept.ends]) {
      for (const id of kept.keys()) if (parseRunId(id)?.job === job) kept.delete(id);
    }
  }

  /** @returns what to tell people when something is gone that was there; else null. */
  async verify(link: RedisLink): Promise<JobschedError | null> {
    const jobs = await this.#gone('jobs', (id) => hasJob(link, id));
    const runs = await this.#gone('runs', async (id) => (await getRun(link, id as RunId)) !== null);
    const ends = await this.#gone('ends', (id) => hasEnd(link, id as RunId));
    for (const id of jobs) this.forget(id as JobId);
    for (const id of runs) this.#kept.runs.delete(id);
    for (const id of ends) this.#kept.ends.delete(id);
    const { losses } = this;
    this.#losses = {
      jobs: losses.jobs + jobs.length,
      runs: losses.runs + runs.length,
      ends: losses.ends + ends.length,
    };
    return jobs.length + runs.length + ends.length === 0 ? null : told({ jobs, runs, ends });
  }

  async #gone(kind: Kind, isThere: (id: JobId | RunId) => Promise<boolean>): Promise<(JobId | RunId)[]> {
    const ids = [...this.#kept[kind].keys()];
    const gone: (JobId | RunId)[] = [];
    for (let from = 0; from < ids.length; from += STEP) {
      const some = ids.slice(from, from + STEP);
      const there = await Promise.all(some.map(isThere));
      gone.push(...some.filter((_, index) => !there[index]));
    }
    return gone;
  }
}

async function hasJob(link: RedisLink, id: string): Promise<boolean> {
  const [there] = await link.read([['EXISTS', `${link.prefix}d:${id}`]]);
  return there === 1;
}

/** One that is gone altogether went with its job, or by its retention. */
async function hasEnd(link: RedisLink, id: RunId): Promise<boolean> {
  const found = await getRun(link, id);
  return found === null || isFinal(found.run.status);
}

function told(gone: Readonly<Record<Kind, readonly string[]>>): JobschedError {
  const parts = [
    words(gone.jobs, 'job', 'jobs'),
    words(gone.runs, 'run that was started by hand', 'runs that were started by hand'),
    words(gone.ends, 'end of a run', 'ends of runs'),
  ];
  return new JobschedError(
    'data_lost',
    `Redis has failed over, or come back with older data, and lost what was acknowledged: ${parts.filter((part) => part !== '').join('; ')}.`,
    {
      hint: 'Submit the jobs again; runs whose end was lost are decided as lost. --durability replica keeps failovers from losing any.',
    },
  );
}

function words(ids: readonly string[], one: string, many: string): string {
  if (ids.length === 0) return '';
  const more = ids.length > MOST_NAMED ? ', …' : '';
  return `${ids.length} ${ids.length === 1 ? one : many} (${ids.slice(0, MOST_NAMED).join(', ')}${more})`;
}
