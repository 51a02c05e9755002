/** Workers, as they report themselves. */
import type { WorkerId } from '../../../domain/id.ts';
import { DAY, type Instant } from '../../../domain/instant.ts';
import { LEASE } from '../../leases.ts';
import type { ProcessInstance } from '../../../instance.ts';
import type { WorkerInfo, WorkerRecord } from '../../workers.ts';
import type { Reading, Transaction } from '../transaction/transaction.ts';

interface WorkerRow extends Omit<WorkerInfo, 'queues' | 'instance'> {
  readonly instance: string;
  readonly queues: string;
  readonly started_at: Instant;
  readonly last_seen_at: Instant;
  /** Whether somebody asked it to drain. */
  readonly drain: 0 | 1;
}

export function heartbeat(tx: Transaction, worker: WorkerInfo): 'ok' | 'drain' {
  const before = tx.sql.one<WorkerRow>('SELECT * FROM workers WHERE id = ?', worker.id);
  tx.sql.run(
    `INSERT OR REPLACE INTO workers
       (id, name, host, pid, instance, version, queues, concurrency, running, state, started_at, last_seen_at, drain)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    worker.id,
    worker.name,
    worker.host,
    worker.pid,
    JSON.stringify(worker.instance),
    worker.version,
    JSON.stringify(worker.queues),
    worker.concurrency,
    worker.running,
    worker.state,
    before?.started_at ?? tx.now,
    tx.now,
    before?.drain ?? 0,
  );
  if (before?.state !== worker.state || before.running !== worker.running) tx.effects.changed('worker', worker.id);
  return before?.drain === 1 ? 'drain' : 'ok';
}

export function drainWorker(tx: Transaction, id: WorkerId): 'asked' | 'not_found' {
  const worker = tx.sql.one<WorkerRow>('SELECT * FROM workers WHERE id = ?', id);
  if (worker === undefined || worker.state === 'stopped') return 'not_found';
  if (worker.drain === 0) {
    tx.sql.run('UPDATE workers SET drain = 1 WHERE id = ?', id);
    tx.effects.changed('worker', id);
  }
  tx.effects.drains.add(id);
  return 'asked';
}

export function workers(of: Reading): WorkerRecord[] {
  const rows = of.sql.all<WorkerRow>(
    `SELECT * FROM workers WHERE last_seen_at >= ? OR id IN (SELECT owner FROM runs WHERE status = 'running')
     ORDER BY started_at DESC, id`,
    of.now - DAY,
  );
  return rows.map((row) => toRecord(row, of.now));
}

function toRecord(row: WorkerRow, now: Instant): WorkerRecord {
  const { id, name, host, pid, version, concurrency, running } = row;
  const state = row.drain === 1 && row.state === 'active' ? 'draining' : row.state;
  return {
    id,
    name,
    host,
    pid,
    instance: JSON.parse(row.instance) as ProcessInstance,
    version,
    concurrency,
    running,
    state,
    queues: JSON.parse(row.queues) as string[],
    startedAt: row.started_at,
    lastSeenAt: row.last_seen_at,
    alive: state !== 'stopped' && row.last_seen_at >= now - LEASE,
  };
}
