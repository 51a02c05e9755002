/**
 * Definitions of cron jobs, as their versions say, so that a job of every second is read once and not with each slot.
 *
 * A version is told by its number and by when it was made: a failover can forget an edit, and the next one gets the same
 * number.
 */
import type { JobId } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { CronDefinition } from '../../../domain/job.ts';
import { decodeStored } from '../jobs/facts.ts';
import { JOB_FIELDS } from '../layout.ts';
import type { Command, RedisLink } from '../link/link.ts';
import { list, numberOrNull, textOrNull } from '../link/reply.ts';

/**
 * Characters of all texts together, beyond which the longest known are forgotten: of usual jobs some 100,000. Where more
 * than that come in turn, each is read with each of its slots.
 */
const MOST_KNOWN = 32 * 1024 * 1024;

export interface DueVersion {
  readonly job: JobId;
  readonly version: number;
  /** Null for a job's first version. */
  readonly versionAt: Instant | null;
}

interface Known extends DueVersion {
  readonly definition: CronDefinition;
  readonly size: number;
}

export class KnownSchedules {
  readonly #known = new Map<JobId, Known>();
  #size = 0;

  /** In the order asked for; null for what is no cron job of that version any more. */
  async of(link: RedisLink, due: readonly DueVersion[]): Promise<(CronDefinition | null)[]> {
    const unknown = due.filter((one) => this.#find(one) === null);
    if (unknown.length > 0) await this.#read(link, unknown);
    const definitions = due.map((one) => this.#find(one));
    this.#forgetSome();
    return definitions;
  }

  #find(due: DueVersion): CronDefinition | null {
    const known = this.#known.get(due.job);
    return known !== undefined && isSame(known, due) ? known.definition : null;
  }

  /** The version is asked for after the definition: one that is the same then was the same all the time. */
  async #read(link: RedisLink, due: readonly DueVersion[]): Promise<void> {
    const replies = await link.read(due.flatMap(({ job }) => readCommands(link, job)));
    for (const [index, one] of due.entries()) {
      const text = textOrNull(replies[2 * index]);
      const [version, versionAt] = list(replies[2 * index + 1]).map(numberOrNull);
      const definition = text === null ? null : decodeStored(text).definition;
      this.#forget(one.job);
      if (text === null || definition?.type !== 'cron') continue;
      if (isSame(one, { job: one.job, version: version ?? 1, versionAt: versionAt ?? null })) {
        this.#known.set(one.job, { ...one, definition, size: text.length });
        this.#size += text.length;
      }
    }
  }

  #forgetSome(): void {
    for (const job of this.#known.keys()) {
      if (this.#size <= MOST_KNOWN) return;
      this.#forget(job);
    }
  }

  #forget(job: JobId): void {
    this.#size -= this.#known.get(job)?.size ?? 0;
    this.#known.delete(job);
  }
}

function readCommands({ prefix }: RedisLink, job: JobId): Command[] {
  return [
    ['GET', `${prefix}d:${job}`],
    ['HMGET', `${prefix}j:${job}`, JOB_FIELDS.version, JOB_FIELDS.version_at],
  ];
}

function isSame(one: DueVersion, other: DueVersion): boolean {
  return one.version === other.version && one.versionAt === other.versionAt;
}
