/** The audit log: see `store/audit.ts`. */
import { DAY } from '../../domain/instant.ts';
import {
  auditBounds,
  auditTime,
  matchesAudit,
  readAudit,
  type AuditEntry,
  type AuditFilter,
  type NewAuditEntry,
} from '../audit.ts';
import { positionOf, type Listed } from '../page.ts';
import type { Cursor, Page, TrimPolicy } from '../views.ts';
import type { RedisLink } from './link.ts';
import { placesOf, toPage } from './list-page.ts';

export async function appendAudit(link: RedisLink, entries: readonly NewAuditEntry[]): Promise<void> {
  if (entries.length > 0) await link.run('append-audit', ...entries.map((entry) => JSON.stringify(entry)));
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
): Promise<Listed<AuditEntry>[]> {
  const { newest, oldest } = auditBounds(filter, position);
  const [reply] = await link.read([
    ['ZREVRANGEBYSCORE', `${link.prefix}audit`, `(${newest}`, oldest, 'WITHSCORES', 'LIMIT', 0, count],
  ]);
  return placesOf(reply).map(({ position: seq, row }) => ({
    position: seq,
    row: { ...readAudit(row), time: auditTime(seq) },
  }));
}

/** The oldest first: what is too old, and what is too many. @returns how many went, at most `limit`. */
export async function trimAudit(
  link: RedisLink,
  { auditKeepDays, auditKeepCount }: Pick<TrimPolicy, 'auditKeepDays' | 'auditKeepCount'>,
  limit: number,
): Promise<number> {
  return Number(await link.run('trim-audit', auditKeepDays * DAY, auditKeepCount, limit));
}
