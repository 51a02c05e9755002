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
import { readCounter } from './counters.ts';
import { toPage } from './page.ts';
import type { Reading, Transaction } from './transaction.ts';

interface AuditRow {
  readonly seq: number;
  readonly entry: string;
}

export function appendAudit(tx: Transaction, entries: readonly NewAuditEntry[]): void {
  let last = tx.sql.one<{ readonly seq: number | null }>('SELECT max(seq) AS seq FROM audit')?.seq ?? 0;
  for (const entry of entries) {
    last = Math.max(tx.now * 1_000, last + 1);
    const insert = 'INSERT OR IGNORE INTO audit (seq, id, entry) VALUES (?, ?, ?)';
    tx.effects.count('audit', '', tx.sql.run(insert, last, entry.id, JSON.stringify(entry)));
  }
}

export function listAudit(of: Reading, filter: AuditFilter, limit: number, cursor: Cursor | null): Page<AuditEntry> {
  const { newest, oldest } = auditBounds(filter, positionOf(cursor, 'audit'));
  const select = 'SELECT seq, entry FROM audit WHERE seq < ? AND seq >= ? ORDER BY seq DESC';
  const rows = of.sql.iterate<AuditRow>(select, newest, oldest);
  return toPage(listed(rows), 'audit', limit, (entry) => matchesAudit(filter, entry));
}

function* listed(rows: Iterable<AuditRow>): Iterable<Listed<AuditEntry>> {
  for (const { seq, entry } of rows) {
    yield { position: seq, row: { ...readAudit(entry), time: auditTime(seq) } };
  }
}

/** The oldest first: what is too many, and what is too old. @returns how many went, at most `limit`. */
export function trimAudit(
  tx: Transaction,
  { auditKeepDays, auditKeepCount }: Pick<TrimPolicy, 'auditKeepDays' | 'auditKeepCount'>,
  limit: number,
): number {
  const surplus = readCounter(tx.sql, 'audit', '') + tx.effects.countOf('audit', '') - auditKeepCount;
  const oldest = 'SELECT seq FROM audit ORDER BY seq LIMIT ?';
  const remove = (some: string, ...values: number[]): number =>
    tx.sql.run(`DELETE FROM audit WHERE seq IN (${some})`, ...values);
  const gone = surplus > 0 ? remove(oldest, Math.min(surplus, limit)) : 0;
  const before = (tx.now - auditKeepDays * DAY) * 1_000;
  const all = gone + remove('SELECT seq FROM audit WHERE seq < ? ORDER BY seq LIMIT ?', before, limit - gone);
  tx.effects.count('audit', '', -all);
  return all;
}
