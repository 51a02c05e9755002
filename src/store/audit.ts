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
  /** The id of the job or the run, the name of the queue, the id of the key; null where there are several, or none. */
  readonly target: string | null;
  /** Each of them where there are several, at most {@link MOST_TARGETS}: what one request did to more is several entries. */
  readonly targets: readonly AuditTarget[];
  /** Of the target; of several, what they share. */
  readonly detail: AuditDetail;
}

export interface AuditTarget {
  readonly id: string;
  readonly detail: AuditDetail;
}

export const MOST_TARGETS = 100;

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
  /** A target; of a job, its runs as well. */
  readonly target?: string | undefined;
}

export interface AuditStore {
  /** One whose id is known is not added again. */
  appendAudit(entries: readonly NewAuditEntry[]): Promise<void>;

  /** Newest first. */
  listAudit(filter: AuditFilter, limit: number, cursor: Cursor | null): Promise<Page<AuditEntry>>;
}

/** An entry as the engines keep it. */
export function auditText({ targets, ...rest }: NewAuditEntry): string {
  const short = targets.map(({ id, detail }) => (isEmpty(detail) ? { id } : { id, detail }));
  return JSON.stringify(short.length === 0 ? rest : { ...rest, targets: short });
}

/** The other way round. It may be older than some of its fields. */
export function readAudit(text: string): NewAuditEntry {
  const { kind = null, keyId = null, targets = [], ...rest } = JSON.parse(text) as StoredEntry;
  return { kind, keyId, ...rest, targets: targets.map(({ id, detail = {} }) => ({ id, detail })) };
}

type StoredEntry = Omit<NewAuditEntry, 'kind' | 'keyId' | 'targets'> &
  Partial<Pick<NewAuditEntry, 'kind' | 'keyId'>> & {
    readonly targets?: readonly (Omit<AuditTarget, 'detail'> & Partial<Pick<AuditTarget, 'detail'>>)[];
  };

function isEmpty(detail: AuditDetail): boolean {
  for (const _ in detail) return false;
  return true;
}

/** How many things an entry tells of: what the log keeps is counted in these. */
export const auditWeight = ({ targets }: Pick<NewAuditEntry, 'targets'>): number => Math.max(1, targets.length);

/** Whether an entry may match, as far as its text tells without being parsed: most of many do not. */
export function mayMatchAudit({ target }: AuditFilter, text: string): boolean {
  return target === undefined || text.includes(JSON.stringify(target).slice(1, -1));
}

export function matchesAudit({ who, action, target }: AuditFilter, entry: AuditEntry): boolean {
  const isOf = (id: string | null): boolean => id !== null && (id === target || id.startsWith(`${target}.`));
  return (
    (who === undefined || entry.who === who) &&
    (action === undefined || entry.action === action) &&
    (target === undefined || isOf(entry.target) || entry.targets.some(({ id }) => isOf(id)))
  );
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
