/**
 * What a request did, thing by thing, as its handler tells while it does it: so the audit log has it also when the rest of
 * the request fails. A handler tells of what changed: not of what was replayed, refused, or only counted. What failed and
 * may be done all the same is told as such: a repeat would find it done, and tell of nothing.
 */
import type { AuditAction } from '../../domain/audit-action.ts';
import { JobschedError } from '../../errors.ts';
import type { RouteAction } from '../routes/route.ts';
import { MOST_TARGETS, type AuditDetail, type AuditTarget, type NewAuditEntry } from '../../store/audit.ts';

export interface Deeds {
  /**
   * Something was done to a thing. Told again of the same thing, the later detail holds.
   *
   * @param target as in an entry.
   */
  did(target: string, detail?: AuditDetail): void;
  /** It was tried, and failed: told with the error's code when it may be done all the same. */
  failed(error: unknown, target: string, detail?: AuditDetail): void;
  /** Waits for what does something to a thing, and tells of a failure. Of a success its caller tells. */
  trying<T>(act: Promise<T>, target: string, detail?: AuditDetail): Promise<T>;
  /** What all of them are, where the route alone does not say, and what they share. */
  are(action: AuditAction, detail: AuditDetail): void;
}

type Entry = Pick<NewAuditEntry, 'action' | 'target' | 'targets' | 'detail'>;

export class TellsDeeds implements Deeds {
  #action: RouteAction | null;
  #shared: AuditDetail = {};
  /** In the order in which they were told; of a thing the last counts. */
  readonly #done: AuditTarget[] = [];

  /** @param action the route's. */
  constructor(action: RouteAction | null) {
    this.#action = action;
  }

  did(target: string, detail: AuditDetail = {}): void {
    if (this.#action === 'each') throw new Error('what is done to it was not told');
    // Told again and again of one thing, as of the job whose runs are cancelled.
    if (this.#done.at(-1)?.id === target) this.#done.pop();
    this.#done.push({ id: target, detail });
  }

  failed(error: unknown, target: string, detail: AuditDetail = {}): void {
    if (!(error instanceof JobschedError && error.mayBeDone)) return;
    const before = this.#done.findLast(({ id }) => id === target)?.detail;
    this.did(target, { ...before, ...detail, unconfirmed: error.code });
  }

  async trying<T>(act: Promise<T>, target: string, detail: AuditDetail = {}): Promise<T> {
    try {
      return await act;
    } catch (error) {
      this.failed(error, target, detail);
      throw error;
    }
  }

  are(action: AuditAction, detail: AuditDetail): void {
    [this.#action, this.#shared] = [action, detail];
  }

  /** One for a thing; as few as can hold them for many. */
  entries(): Entry[] {
    const [action, shared] = [this.#action, this.#shared];
    if (action === null || action === 'each') return [];
    const all = this.#done.length > 1 ? lastOfEach(this.#done) : this.#done;
    const [only, other] = all;
    if (only === undefined) return [];
    if (other === undefined) return [{ action, target: only.id, targets: [], detail: { ...only.detail, ...shared } }];
    return parts(all).map((targets) => ({ action, target: null, targets, detail: { ...shared, count: all.length } }));
  }
}

const lastOfEach = (done: readonly AuditTarget[]): AuditTarget[] => [
  ...new Map(done.map((target) => [target.id, target])).values(),
];

function parts(all: readonly AuditTarget[]): AuditTarget[][] {
  const count = Math.ceil(all.length / MOST_TARGETS);
  return Array.from({ length: count }, (_, part) => all.slice(part * MOST_TARGETS, (part + 1) * MOST_TARGETS));
}

/** What people call it, since it may be gone when somebody reads this. */
export const called = (name: string | null): AuditDetail => (name === null ? {} : { name });
