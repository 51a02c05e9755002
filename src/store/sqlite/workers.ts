/** Workers, as they report themselves. */
import { DAY, type Instant } from '../../domain/instant.ts';
import { LEASE } from '../leases.ts';
import type { ProcessInstance } from '../../instance.ts';
import type { WorkerInfo, WorkerRecord } from '../workers.ts';
import type { Reading, Transaction } from './transaction.ts';

interface WorkerRow extends Omit<WorkerInfo, 'queues' | 'instance'> {
  readonly instance: string;
  readonly queues: string;
  readonly started_at: Instant;
  readonly last_seen_at: Instant;
}

export function heartbeat(tx: Transaction, worker: WorkerInfo): void {
  const before = tx.sql.one<WorkerRow>('SELECT * FROM workers WHERE id = ?', worker.id);
  tx.sql.run(
    `INSERT OR REPLACE INTO workers
       (id, name, host, pid, instance, version, queues, concurrency, running, state, started_at, last_seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
  );
  if (before?.state !== worker.state || before.running !== worker.running) tx.effects.changed('worker', worker.id);
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
  const { id, name, host, pid, version, concurrency, running, state } = row;
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
