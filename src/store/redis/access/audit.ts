/** The audit log: see `store/audit.ts`. */
import { DAY } from '../../../domain/instant.ts';
import {
  auditBounds,
  auditText,
  auditTime,
  auditWeight,
  matchesAudit,
  mayMatchAudit,
  readAudit,
  type AuditEntry,
  type AuditFilter,
  type NewAuditEntry,
} from '../../audit.ts';
import { positionOf, type Listed } from '../../page.ts';
import type { Cursor, Page, TrimPolicy } from '../../views.ts';
import type { RedisLink } from '../link/link.ts';
import { placesOf, toPage } from '../list-page.ts';

export async function appendAudit(link: RedisLink, entries: readonly NewAuditEntry[]): Promise<void> {
  const told = entries.flatMap((entry) => [auditWeight(entry) - 1, auditText(entry)]);
  if (told.length > 0) await link.run('append-audit', ...told);
}

export async function listAudit(
  link: RedisLink,
  filter: AuditFilter,
  limit: number,
  cursor: Cursor | null,
): Promise<Page<AuditEntry>> {
  return toPage<AuditEntry>(
    (position, count) => entriesBefore(link, filter, position, count),
    { order: 'audit', position: positionOf(cursor, 'audit'), limit },
    (entry) => matchesAudit(filter, entry),
  );
}

async function entriesBefore(
  link: RedisLink,
  filter: AuditFilter,
  position: number,
  count: number,
): Promise<Listed<AuditEntry | null>[]> {
  const { newest, oldest } = auditBounds(filter, position);
  const [reply] = await link.read([
    ['ZREVRANGEBYSCORE', `${link.prefix}audit`, `(${newest}`, oldest, 'WITHSCORES', 'LIMIT', 0, count],
  ]);
  return placesOf(reply).map(({ position: seq, row }) => ({
    position: seq,
    row: mayMatchAudit(filter, row) ? { ...readAudit(row), time: auditTime(seq) } : null,
  }));
}

/** The oldest first: what is too old, and what is too many. @returns of how many things those told that went: about `limit` at most. */
export async function trimAudit(
  link: RedisLink,
  { auditKeepDays, auditKeepCount }: Pick<TrimPolicy, 'auditKeepDays' | 'auditKeepCount'>,
  limit: number,
): Promise<number> {
  return Number(await link.run('trim-audit', auditKeepDays * DAY, auditKeepCount, limit));
}
