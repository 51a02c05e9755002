/**
 * Definitions of cron jobs, as their versions say, so that a job of every second is read once and not with each slot.
 *
 * One is read after a tick named its version. When somebody edits the job in between, a newer definition is taken for
 * that version's; the engine then refuses the firing, since its version is another by then.
 */
import type { JobId } from '../../domain/id.ts';
import type { CronDefinition } from '../../domain/job.ts';
import { decodeStored } from './facts.ts';
import type { RedisLink } from './link.ts';
import { textOrNull } from './reply.ts';

/** Beyond it the longest known are forgotten. One takes about 1 KB. */
const MOST_KNOWN = 20_000;

export interface DueVersion {
  readonly job: JobId;
  readonly version: number;
}

export class KnownSchedules {
  readonly #known = new Map<JobId, { readonly version: number; readonly definition: CronDefinition }>();

  /** In the order asked for; null for what is no cron job any more. */
  async of(link: RedisLink, due: readonly DueVersion[]): Promise<(CronDefinition | null)[]> {
    await this.#read(
      link,
      due.filter(({ job, version }) => this.#known.get(job)?.version !== version),
    );
    return due.map(({ job }) => this.#known.get(job)?.definition ?? null);
  }

  async #read(link: RedisLink, due: readonly DueVersion[]): Promise<void> {
    if (due.length === 0) return;
    const texts = await link.read(due.map(({ job }) => ['GET', `${link.prefix}d:${job}`]));
    for (const [index, { job, version }] of due.entries()) {
      const text = textOrNull(texts[index]);
      const definition = text === null ? null : decodeStored(text).definition;
      this.#known.delete(job);
      if (definition?.type === 'cron') this.#known.set(job, { version, definition });
    }
    for (const job of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) break;
      this.#known.delete(job);
    }
  }
}
