/**
 * Totals: what has happened since the installation began, or since a jobsched that counts it came. They only rise.
 *
 * Both engines count them in the transaction in which it happens, under these kinds and keys:
 *
 *   ended      `<status>` or `<status>:<reason>`   runs, at their final state; a record of skipped slots once
 *   retried    `<reason>`                          attempts that another one follows
 *   happened   `late`                              runs that started late
 *              `contact_lost`                      attempts whose worker went out of contact
 *   lateness   a bucket, or `sum`                  see `domain/spread.ts`; of runs with a slot or a `runAt`
 *   duration   a bucket, or `sum`                  the same; of attempts that their worker ended
 *
 * A claim that was given back unstarted has counted for `late` and `lateness`, and the next one counts again.
 */
import { BEYOND, DURATION_BOUNDS, LATENESS_BOUNDS } from '../domain/spread.ts';
import type { Millis } from '../domain/instant.ts';
import { RUN_STATUSES, type FailReason, type RunReason, type RunStatus } from '../domain/run.ts';

export const TOTAL_KINDS = ['ended', 'retried', 'happened', 'lateness', 'duration'] as const;
export type TotalKind = (typeof TOTAL_KINDS)[number];

export interface Ended {
  readonly status: RunStatus;
  readonly reason: RunReason | null;
  readonly count: number;
}

export interface Spread {
  /** How many lay in each bucket and in no lower one; the last bucket has no bound. */
  readonly buckets: readonly { readonly upTo: Millis; readonly count: number }[];
  readonly beyond: number;
  readonly sum: Millis;
}

export interface Totals {
  readonly ended: readonly Ended[];
  readonly retried: readonly { readonly reason: FailReason; readonly count: number }[];
  readonly late: number;
  readonly contactLost: number;
  readonly lateness: Spread;
  readonly duration: Spread;
}

/** @param of the numbers of a kind, by their keys. */
export function toTotals(of: (kind: TotalKind) => ReadonlyMap<string, number>): Totals {
  const happened = of('happened');
  return {
    ended: [...of('ended')].flatMap(([key, count]) => toEnded(key, count)),
    retried: [...of('retried')].map(([reason, count]) => ({ reason: reason as FailReason, count })),
    late: happened.get('late') ?? 0,
    contactLost: happened.get('contact_lost') ?? 0,
    lateness: toSpread(of('lateness'), LATENESS_BOUNDS),
    duration: toSpread(of('duration'), DURATION_BOUNDS),
  };
}

function toEnded(key: string, count: number): Ended[] {
  const [word, reason] = key.split(':');
  const status = RUN_STATUSES.find((known) => known === word);
  return status === undefined ? [] : [{ status, reason: (reason as RunReason | undefined) ?? null, count }];
}

function toSpread(counts: ReadonlyMap<string, number>, bounds: readonly Millis[]): Spread {
  return {
    buckets: bounds.map((upTo) => ({ upTo, count: counts.get(String(upTo)) ?? 0 })),
    beyond: counts.get(BEYOND) ?? 0,
    sum: counts.get('sum') ?? 0,
  };
}
