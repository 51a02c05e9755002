/**
 * What a request did, thing by thing, as its handler tells while it does it: so the audit log has it also when the rest of
 * the request fails. A handler tells of what changed: not of what was replayed, refused, or only counted.
 */
import type { AuditAction } from '../../domain/audit-action.ts';
import type { RouteAction } from '../routes/route.ts';
import { MOST_TARGETS, type AuditDetail, type AuditTarget, type NewAuditEntry } from '../../store/audit.ts';

export interface Deeds {
  /**
   * Something was done to a thing. Told again of the same thing, the later detail holds.
   *
   * @param target as in an entry.
   */
  did(target: string, detail?: AuditDetail): void;
  /** What all of them are, where the route alone does not say, and what they share. */
  are(action: AuditAction, detail: AuditDetail): void;
}

type Entry = Pick<NewAuditEntry, 'action' | 'target' | 'targets' | 'detail'>;

export class TellsDeeds implements Deeds {
  #action: RouteAction | null;
  #shared: AuditDetail = {};
  readonly #done = new Map<string, AuditDetail>();

  /** @param action the route's. */
  constructor(action: RouteAction | null) {
    this.#action = action;
  }

  did(target: string, detail: AuditDetail = {}): void {
    if (this.#action === 'each') throw new Error('what is done to it was not told');
    this.#done.set(target, detail);
  }

  are(action: AuditAction, detail: AuditDetail): void {
    [this.#action, this.#shared] = [action, detail];
  }

  /** One for a thing; as few as can hold them for many. */
  entries(): Entry[] {
    const [action, shared] = [this.#action, this.#shared];
    if (action === null || action === 'each' || this.#done.size === 0) return [];
    const all = [...this.#done].map(([id, detail]): AuditTarget => ({ id, detail }));
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) {
      return [{ action, target: only.id, targets: [], detail: { ...only.detail, ...shared } }];
    }
    return parts(all).map((targets) => ({ action, target: null, targets, detail: { ...shared, count: all.length } }));
  }
}

function parts(all: readonly AuditTarget[]): AuditTarget[][] {
  const count = Math.ceil(all.length / MOST_TARGETS);
  return Array.from({ length: count }, (_, part) => all.slice(part * MOST_TARGETS, (part + 1) * MOST_TARGETS));
}

/** What people call it, since it may be gone when somebody reads this. */
export const called = (name: string | null): AuditDetail => (name === null ? {} : { name });
