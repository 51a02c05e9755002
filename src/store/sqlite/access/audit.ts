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
import { readCounter } from '../counts/counters.ts';
import { toPage } from '../page.ts';
import type { Reading, Transaction } from '../transaction/transaction.ts';

interface AuditRow {
  readonly seq: number;
  readonly entry: string;
}

export function appendAudit(tx: Transaction, entries: readonly NewAuditEntry[]): void {
  let last = tx.sql.one<{ readonly seq: number | null }>('SELECT max(seq) AS seq FROM audit')?.seq ?? 0;
  for (const entry of entries) {
    last = Math.max(tx.now * 1_000, last + 1);
    const insert = 'INSERT OR IGNORE INTO audit (seq, id, entry) VALUES (?, ?, ?)';
    const added = tx.sql.run(insert, last, entry.id, auditText(entry));
    tx.effects.count('audit', '', added * auditWeight(entry));
  }
}

export function listAudit(of: Reading, filter: AuditFilter, limit: number, cursor: Cursor | null): Page<AuditEntry> {
  const { newest, oldest } = auditBounds(filter, positionOf(cursor, 'audit'));
  const select = 'SELECT seq, entry FROM audit WHERE seq < ? AND seq >= ? ORDER BY seq DESC';
  const rows = of.sql.iterate<AuditRow>(select, newest, oldest);
  return toPage(listed(rows, filter), 'audit', limit, (entry) => matchesAudit(filter, entry));
}

function* listed(rows: Iterable<AuditRow>, filter: AuditFilter): Iterable<Listed<AuditEntry | null>> {
  for (const { seq, entry } of rows) {
    yield { position: seq, row: mayMatchAudit(filter, entry) ? { ...readAudit(entry), time: auditTime(seq) } : null };
  }
}

/** The oldest first: what is too many, and what is too old. @returns of how many things those told that went: about `limit` at most. */
export function trimAudit(
  tx: Transaction,
  { auditKeepDays, auditKeepCount }: Pick<TrimPolicy, 'auditKeepDays' | 'auditKeepCount'>,
  limit: number,
): number {
  const surplus = readCounter(tx.sql, 'audit', '') + tx.effects.countOf('audit', '') - auditKeepCount;
  const before = (tx.now - auditKeepDays * DAY) * 1_000;
  const select = 'SELECT seq, entry FROM audit WHERE seq < ? ORDER BY seq LIMIT ?';
  const rows = tx.sql.iterate<AuditRow>(select, surplus > 0 ? Number.MAX_SAFE_INTEGER : before, limit);
  let [gone, last] = [0, 0];
  for (const { seq, entry } of rows) {
    if (gone >= limit || (gone >= surplus && seq >= before)) break;
    gone += auditWeight(readAudit(entry));
    last = seq;
  }
  if (gone > 0) tx.sql.run('DELETE FROM audit WHERE seq <= ?', last);
  tx.effects.count('audit', '', -gone);
  return gone;
}
