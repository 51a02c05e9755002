/**
 * What faults explain. Only one that can have caused it, and that was there when it came about:
 *
 * - An attempt is lost when its worker was killed while it had it; or when the worker could not be heard for so long, in a
 *   stretch that reaches into the attempt, that it or the engine had to give up: frozen, cut off, or Redis away. Short faults
 *   explain nothing, but for those that follow each other before anybody has recovered.
 * - Nobody fires a slot while Redis is away, or all servers are: all the time until it is overdue.
 */
import { SECOND, type Instant, type Millis } from '../../src/domain/instant.ts';
import { OVERDUE } from '../../src/domain/schedule/misfire.ts';
import { LEASE, RENEW_EVERY } from '../../src/store/leases.ts';
import type { FaultKind } from './fault-plan.ts';
import type { History, InflictedFault, RecordedRun } from './history.ts';

type Kinds = ReadonlySet<FaultKind>;

/** Redis does not answer, or takes no renewal. */
const REDIS_AWAY: Kinds = new Set(['kill redis', 'freeze redis', 'keep redis busy', 'refuse writes', 'lose replies']);
/** These make a stretch longer, and are none by themselves. */
const REDIS_SLOW: Kinds = new Set(['delay all', 'kill clients', 'fill redis']);
const WORKER_SILENT: Kinds = new Set(['freeze worker', 'cut off worker']);
const SILENT: Kinds = REDIS_AWAY.union(WORKER_SILENT);
const SERVER_AWAY: Kinds = new Set(['kill server', 'freeze server', 'cut off server', 'restart server']);
const WORKER_DEAD: Kinds = new Set(['kill worker']);
const WORKER_GONE: Kinds = new Set(['kill worker', 'restart worker']);

/** After a fault, until what was to be told or done has been: it is tried every five seconds at the least. */
const RECOVERY: Millis = 6 * SECOND;
/** A renewal that is due is tried again so long after Redis is back, at the latest, but for load. */
const RETRY: Millis = 3 * SECOND;
/** A worker ends its commands 2 s before the decision, after the grace of 1 s that all jobs have here. */
const BEFORE_DECISION: Millis = 3 * SECOND;
/** A slot that comes is fired so soon, but for load. */
const PROMPT: Millis = SECOND;
const LOOK_EVERY: Millis = 100;

interface Stretch {
  readonly faults: readonly InflictedFault[];
  readonly from: Instant;
  readonly to: Instant;
}

export class Explanations {
  readonly #history: Pick<History, 'faults' | 'servers'>;

  constructor(history: Pick<History, 'faults' | 'servers'>) {
    this.#history = history;
  }

  /** Whether this worker could lose an attempt that it had from then until it was given up. */
  canLose(worker: string, from: Instant, to: Instant, lostAfter: Millis): boolean {
    const touches = (one: { readonly from: Instant; readonly to: Instant }): boolean =>
      one.from <= to && one.to >= from;
    if (this.#of(worker, WORKER_DEAD).some(touches)) return true;
    const enough = LEASE + lostAfter - BEFORE_DECISION - RENEW_EVERY;
    return this.#stretches(worker).some((stretch) => {
      const until = stretch.to + RETRY;
      if (!touches({ from: stretch.from, to: until })) return false;
      if (Math.min(until, to) - stretch.from >= enough) return true;
      // What it could not tell before it left is given up when it is there again.
      return stretch.faults.some((fault) => fault.kind === 'restart worker' && touches(fault));
    });
  }

  /** Whether its worker may not have been able to tell the end of its last attempt until then. */
  mayBeUntold({ attempts }: Pick<RecordedRun, 'attempts'>, then: Instant): boolean {
    const last = attempts.toSorted((a, b) => b.number - a.number)[0];
    const end = Date.parse(last?.finished_at ?? '');
    const worker = last?.worker ?? '';
    return [...this.#stretches(worker), ...this.#of(worker, WORKER_GONE)].some(
      ({ from, to }) => from <= end && end <= to && then <= to + RECOVERY,
    );
  }

  /** Whether nobody could fire this slot before it was overdue. */
  canMisfire(slot: Instant): boolean {
    for (let at = slot + PROMPT; at <= slot + OVERDUE; at += LOOK_EVERY) if (!this.#isNobodyThere(at)) return false;
    return true;
  }

  #isNobodyThere(at: Instant): boolean {
    const now = this.#history.faults.filter(({ from, to }) => from <= at && at <= to + RECOVERY);
    const isAway = (server: string): boolean =>
      now.some(({ kind, target }) => target === server && SERVER_AWAY.has(kind));
    return (
      now.some(({ kind }) => REDIS_AWAY.has(kind) || REDIS_SLOW.has(kind)) ||
      (this.#history.servers.length > 0 && this.#history.servers.every(isAway))
    );
  }

  #of(worker: string, kinds: Kinds): InflictedFault[] {
    return this.#history.faults.filter(({ kind, target }) => kinds.has(kind) && (target === null || target === worker));
  }

  /** In which this worker could not be heard: faults that follow each other before it has recovered. */
  #stretches(worker: string): Stretch[] {
    const faults = this.#of(worker, SILENT.union(REDIS_SLOW).union(new Set(['restart worker']))).toSorted(
      (a, b) => a.from - b.from,
    );
    const stretches: Stretch[] = [];
    for (const fault of faults) {
      const last = stretches.at(-1);
      if (last === undefined || fault.from > last.to + RECOVERY) {
        stretches.push({ faults: [fault], from: fault.from, to: fault.to });
      } else {
        const { from, to } = last;
        stretches.splice(-1, 1, { faults: [...last.faults, fault], from, to: Math.max(to, fault.to) });
      }
    }
    return stretches.filter(({ faults: of }) => of.some(({ kind }) => SILENT.has(kind)));
  }
}
