/** Counters: how many there are of what, kept in step by the transactions that change it. */
import type { CounterKind, TransactionEffects } from './effects.ts';
import type { Statements } from './statements.ts';

export interface Counter {
  readonly kind: CounterKind;
  readonly key: string;
  readonly value: number;
}

export function saveCounts(sql: Statements, effects: TransactionEffects): void {
  for (const { kind, key, by } of effects.counts.values()) {
    if (by === 0) continue;
    sql.run(
      `INSERT INTO counters (kind, key, value) VALUES (?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET value = value + excluded.value`,
      kind,
      key,
      by,
    );
  }
}

export function readCounters(sql: Statements, kind: CounterKind): Counter[] {
  return sql.all<Counter>('SELECT kind, key, value FROM counters WHERE kind = ? ORDER BY key', kind);
}

export function readCounter(sql: Statements, kind: CounterKind, key: string): number {
  return sql.one<Counter>('SELECT kind, key, value FROM counters WHERE kind = ? AND key = ?', kind, key)?.value ?? 0;
}
