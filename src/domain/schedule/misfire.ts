/**
 * Misfire: what becomes of slots that nobody fired in time.
 *
 * Of the slots that are due (the slot that `tick` returned and those after it, up to now), one that is more than
 * {@link OVERDUE} late is *overdue*. The others are merely late, and each runs, whatever the policy. So a job of every
 * second that was down for a minute has, under `latest`, 12 runs: the newest of the 49 overdue slots, and the 11 that are
 * 0 to 10 s late.
 *
 * Laws of a plan, each of them tested:
 * - Its runs and its skipped slots are the oldest due ones, all of them but for what {@link MOST_RUNS} cuts off, and
 *   none twice. `next` is the first slot after them: in the past when there was such a cut.
 * - Skipped slots are older than the runs.
 * - Its cost does not grow with the time that was missed: slots are found by bisection, and counted to
 *   {@link MOST_COUNTED} at most.
 */
import type { JobId } from '../id.ts';
import { SECOND, type Instant, type Millis } from '../instant.ts';
import type { SkippedSlots } from '../run.ts';
import { readyAt } from './jitter.ts';
import type { Schedule } from './schedule.ts';

/** What is done with overdue slots. None older than the job's `misfireWindowSeconds` ever runs. */
export type Misfire =
  /** The newest runs. */
  | 'latest'
  /** None runs. */
  | 'skip'
  /** Each runs, the newest {@link MOST_CAUGHT_UP} of them. */
  | 'all';
export const MISFIRES = ['latest', 'skip', 'all'] as const satisfies readonly Misfire[];

/** Up to so much late a slot fires as usual: nothing went wrong but a moment's load or a restart. */
export const OVERDUE: Millis = 10 * SECOND;
/** Runs in one plan. */
export const MOST_RUNS = 100;
/** Overdue slots that `all` catches up with; older ones are skipped. */
export const MOST_CAUGHT_UP = 1_000;
/** Beyond this, skipped slots are "at least" so many. */
export const MOST_COUNTED = 1_000;

export interface DueSlot {
  readonly job: JobId;
  readonly schedule: Schedule;
  /** What its job says of it; see `CronDefinition`, which is one. */
  readonly policy: { readonly misfire: Misfire; readonly misfireWindowSeconds: number; readonly jitterSeconds: number };
  /** The one that has come. It need not be one of the schedule any more; those after it are. */
  readonly slot: Instant;
  /** The engine's. */
  readonly now: Instant;
}

/** What `Firing` in the store's contract asks for. */
export interface FiringPlan {
  readonly runs: readonly { readonly slot: Instant; readonly readyAt: Instant }[];
  readonly skipped: SkippedSlots | null;
  readonly next: Instant | null;
}

/** What to fire now. A slot that has not come gives an empty plan, with itself as the next. */
export function planFiring(due: DueSlot): FiringPlan {
  const { job, schedule, slot, now } = due;
  if (slot > now) return { runs: [], skipped: null, next: slot };
  const firstRun = firstToRun(due);
  const runs: { slot: Instant; readyAt: Instant }[] = [];
  let next = firstRun;
  for (; next !== null && next <= now && runs.length < MOST_RUNS; next = schedule.after(next)) {
    runs.push({ slot: next, readyAt: readyAt(job, next, due.policy.jitterSeconds) });
  }
  return { runs, skipped: skippedBefore(due, firstRun), next };
}

/** The oldest due slot that runs; the first one to come when none does; null when none will ever come. */
function firstToRun({ schedule, policy, slot, now }: DueSlot): Instant | null {
  const overdueBefore = now - OVERDUE;
  if (slot >= overdueBefore) return slot;
  const newestOverdue = newestBefore(schedule, slot, overdueBefore);
  const windowStart = now - policy.misfireWindowSeconds * SECOND;
  if (policy.misfire === 'skip' || newestOverdue < windowStart) return schedule.after(newestOverdue);
  if (policy.misfire === 'latest') return newestOverdue;
  const oldest = slot >= windowStart ? slot : schedule.after(windowStart - 1);
  return oldest === null ? null : lastSlots(schedule, oldest, newestOverdue);
}

/** The oldest of the {@link MOST_CAUGHT_UP} slots that end with `newest`, but none before `oldest`, which is one. */
function lastSlots(schedule: Schedule, oldest: Instant, newest: Instant): Instant {
  const tooManyFrom = (slot: Instant): boolean => count(schedule, slot, newest, MOST_CAUGHT_UP + 1) > MOST_CAUGHT_UP;
  if (!tooManyFrom(oldest)) return oldest;
  let [tooMany, enough] = [oldest, newest];
  for (;;) {
    const following = schedule.after(tooMany) ?? newest;
    if (following >= enough) return following;
    const middle = tooMany + Math.ceil((enough - tooMany) / 2);
    const slot = schedule.after(middle - 1) ?? newest;
    if (tooManyFrom(slot)) tooMany = slot;
    else enough = middle;
  }
}

function skippedBefore({ schedule, slot, now }: DueSlot, firstRun: Instant | null): SkippedSlots | null {
  if (firstRun === slot) return null;
  const last = newestBefore(schedule, slot, Math.min(firstRun ?? Infinity, now + 1));
  const counted = count(schedule, slot, last, MOST_COUNTED + 1);
  return { first: slot, last, count: Math.min(counted, MOST_COUNTED), atLeast: counted > MOST_COUNTED };
}

/** The newest slot before `bound`: `first`, which is one, or a later one. */
function newestBefore(schedule: Schedule, first: Instant, bound: Instant): Instant {
  let [newest, none] = [first, bound];
  // `newest` is a slot; from `none` on, up to the bound, there is no slot.
  while (none - newest > 1) {
    const middle = newest + Math.floor((none - newest) / 2);
    const found = schedule.after(middle - 1);
    if (found !== null && found < bound) newest = found;
    else none = middle;
  }
  return newest;
}

/** How many slots there are from `first`, which is one, to `last`; at most `limit`. */
function count(schedule: Schedule, first: Instant, last: Instant, limit: number): number {
  let counted = 0;
  for (let slot: Instant | null = first; slot !== null && slot <= last && counted < limit; counted++) {
    slot = schedule.after(slot);
  }
  return counted;
}
