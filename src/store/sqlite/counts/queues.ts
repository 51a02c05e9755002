/** Queues: what there is in each, what people set of it, and how many of its runs may be claimed. */
import type { Instant } from '../../../domain/instant.ts';
import { MOST_PRIORITIES, type QueueChange, type QueueCounts } from '../../queues.ts';
import { readCounter, readCounters } from './counters.ts';
import type { Reading, Transaction } from '../transaction/transaction.ts';

interface Setting {
  readonly paused: 0 | 1;
  readonly max_running: number | null;
}

/** The first run of a priority. */
interface Head {
  readonly priority: number;
  readonly ready_at: Instant;
}

/** Of any priority that there is. */
const ABOVE_ALL = 101;

const NOTHING_SET: Setting = { paused: 0, max_running: null };

export function queues(of: Reading): QueueCounts[] {
  const [pending, queued, running] = [numbersOf(of, 'pending'), numbersOf(of, 'queued'), numbersOf(of, 'running')];
  const rows = of.sql.all<Setting & { readonly name: string }>('SELECT name, paused, max_running FROM queues');
  const settings = new Map(rows.map((row) => [row.name, row]));
  const names = new Set(['default', ...pending.keys(), ...running.keys(), ...settings.keys()]);
  return [...names].toSorted().map((name) => {
    const { paused, max_running: maxRunning } = settings.get(name) ?? NOTHING_SET;
    return { name, queued: queued.get(name) ?? 0, running: running.get(name) ?? 0, paused: paused === 1, maxRunning };
  });
}

export function waitingSince(of: Reading, names: readonly string[]): (Instant | null)[] {
  return names.map((name) => {
    let oldest: Instant | null = null;
    let below = ABOVE_ALL;
    for (let step = 0; step < MOST_PRIORITIES; step += 1) {
      const head = of.sql.one<Head>(
        `SELECT priority, ready_at FROM runs WHERE queue = ? AND place = 'queue' AND priority < ?
         ORDER BY priority DESC, ready_at LIMIT 1`,
        name,
        below,
      );
      if (head === undefined) break;
      oldest = Math.min(oldest ?? Infinity, head.ready_at);
      below = head.priority;
    }
    return oldest;
  });
}

export function setQueue(tx: Transaction, name: string, change: QueueChange): void {
  const before = settingOf(tx, name);
  const paused = change.paused ?? before.paused === 1;
  const maxRunning = change.maxRunning === undefined ? before.max_running : change.maxRunning;
  if (paused || maxRunning !== null) {
    const row = [name, paused ? 1 : 0, maxRunning] as const;
    tx.sql.run('INSERT OR REPLACE INTO queues (name, paused, max_running) VALUES (?, ?, ?)', ...row);
  } else {
    tx.sql.run('DELETE FROM queues WHERE name = ?', name);
  }
  tx.effects.changed('queue', name);
  if (roomOf(tx, name) > 0 && hasQueued(tx, name)) tx.effects.work.add(name);
}

/** How many more of its runs may be claimed: Infinity without a limit. */
export function roomOf(of: Reading, name: string): number {
  const { paused, max_running: maxRunning } = settingOf(of, name);
  if (paused === 1) return 0;
  if (maxRunning === null) return Infinity;
  const running = readCounter(of.sql, 'running', name) + (of.effects?.countOf('running', name) ?? 0);
  return Math.max(0, maxRunning - running);
}

/** A run of it has stopped running: where that made room, there is work for whoever found none before. */
export function roomCame(tx: Transaction, name: string): void {
  const room = roomOf(tx, name);
  if (room > 0 && room !== Infinity && hasQueued(tx, name)) tx.effects.work.add(name);
}

function settingOf(of: Reading, name: string): Setting {
  return of.sql.one<Setting>('SELECT paused, max_running FROM queues WHERE name = ?', name) ?? NOTHING_SET;
}

function hasQueued(of: Reading, name: string): boolean {
  return of.sql.one("SELECT 1 FROM runs WHERE queue = ? AND place = 'queue' LIMIT 1", name) !== undefined;
}

function numbersOf(of: Reading, kind: 'pending' | 'queued' | 'running'): Map<string, number> {
  const there = readCounters(of.sql, kind).filter(({ value }) => value > 0);
  return new Map(there.map(({ key, value }) => [key, value]));
}
