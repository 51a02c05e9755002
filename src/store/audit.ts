/** The audit log: who changed what, when, and from where. Entries are never changed; `trim` removes the oldest. */
import type { AuditAction } from '../domain/audit-action.ts';
import type { CallerKind } from '../domain/caller-kind.ts';
import type { Instant } from '../domain/instant.ts';
import type { Role } from '../domain/role.ts';
import type { Cursor, Page } from './views.ts';

export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface NewAuditEntry {
  /** A UUID. */
  readonly id: string;
  /** The caller's name; of a key, the name that it had then. */
  readonly who: string;
  /** How it was let in; null for who is nobody, and in entries that are older than this. */
  readonly kind: CallerKind | null;
  /** Of the key that was shown, which may be gone; null without one, and in entries that are older than this. */
  readonly keyId: string | null;
  /** Null for who is nobody. */
  readonly role: Role | null;
  /** Where the request came from. */
  readonly address: string;
  readonly action: AuditAction;
  /** The id of the job or the run, the name of the queue or the key; null where there are several, or none. */
  readonly target: string | null;
  readonly detail: AuditDetail;
}

export interface AuditEntry extends NewAuditEntry {
  /** When it came to the store, by the engine's clock. Later than that of the entry before, also when the clock stepped back. */
  readonly time: Instant;
}

export interface AuditFilter {
  /** At or after. */
  readonly since?: Instant | undefined;
  /** Before. */
  readonly until?: Instant | undefined;
  readonly who?: string | undefined;
  readonly action?: AuditAction | undefined;
  /** The target; of a job, its runs as well. */
  readonly target?: string | undefined;
}

export interface AuditStore {
  /** One whose id is known is not added again. */
  appendAudit(entries: readonly NewAuditEntry[]): Promise<void>;

  /** Newest first. */
  listAudit(filter: AuditFilter, limit: number, cursor: Cursor | null): Promise<Page<AuditEntry>>;
}

/** Of an entry as the engines keep it, which may be older than some of its fields. */
export function readAudit(text: string): NewAuditEntry {
  const { kind = null, keyId = null, ...rest } = JSON.parse(text) as StoredEntry;
  return { kind, keyId, ...rest };
}

type Later = 'kind' | 'keyId';
type StoredEntry = Omit<NewAuditEntry, Later> & Partial<Pick<NewAuditEntry, Later>>;

export function matchesAudit({ who, action, target }: AuditFilter, entry: AuditEntry): boolean {
  const isOf = target === undefined || entry.target === target || entry.target?.startsWith(`${target}.`) === true;
  return (who === undefined || entry.who === who) && (action === undefined || entry.action === action) && isOf;
}

/** Between which places, from `oldest` to below `newest`, the entries lie that the filter's times let through. */
export function auditBounds(
  { since, until }: AuditFilter,
  position: number,
): { readonly newest: number; readonly oldest: number } {
  return {
    newest: until === undefined ? position : Math.min(position, until * 1_000),
    oldest: (since ?? 0) * 1_000,
  };
}

/** An entry's place in the list tells its time: it is in µs, and rises by at least one. */
export const auditTime = (position: number): Instant => Math.floor(position / 1_000);
