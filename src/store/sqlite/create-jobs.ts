/** How a job comes to be, once. */
import { encodeDefinition } from '../../domain/definition-json.ts';
import { HOUR } from '../../domain/instant.ts';
import { IDEMPOTENCY_HOURS, type CreateJobResult, type NewJob } from '../jobs.ts';
import { jobOfRun, pendingBirth } from './gate.ts';
import { seenJob } from './job-rows.ts';
import { bearRun, placeAt } from './save-run.ts';
import type { Transaction } from './transaction.ts';

export function createJob(tx: Transaction, wanted: NewJob): CreateJobResult {
  const seen = seenBefore(tx, wanted);
  if (seen !== null) return seen;
  const seq = insertJob(tx, wanted);
  rememberKey(tx, wanted, seq);
  tx.effects.changed('job', wanted.id);
  if (wanted.definition.type === 'cron') {
    tx.effects.count('jobs', wanted.nextSlot === null ? 'finished' : 'scheduled', 1);
    tx.effects.earlier = true;
  } else {
    tx.effects.count('jobs', 'once', 1);
    bearFirstRun(tx, wanted, wanted.definition.runAt, seq);
  }
  return { status: 'created', job: seenJob(tx, seq) };
}

/** In the order id, idempotency key, name: a repeat is told from a clash. */
function seenBefore(tx: Transaction, { id, definition, idempotency }: NewJob): CreateJobResult | null {
  const sameId = tx.sql.one<{ readonly seq: number }>('SELECT seq FROM jobs WHERE id = ?', id);
  if (sameId !== undefined) return { status: 'existing', by: 'id', job: seenJob(tx, sameId.seq) };
  if (idempotency !== null) {
    const known = tx.sql.one<{ readonly fingerprint: string; readonly job: number }>(
      'SELECT fingerprint, job FROM idempotency_keys WHERE key = ? AND created_at > ?',
      idempotency.key,
      tx.now - IDEMPOTENCY_HOURS * HOUR,
    );
    if (known !== undefined && known.fingerprint !== idempotency.fingerprint) return { status: 'key_reused' };
    if (known !== undefined) return { status: 'existing', by: 'idempotency_key', job: seenJob(tx, known.job) };
  }
  if (definition.name === null) return null;
  const sql = 'SELECT seq FROM jobs WHERE name = ? AND deleted_at IS NULL';
  const sameName = tx.sql.one<{ readonly seq: number }>(sql, definition.name);
  return sameName === undefined ? null : { status: 'existing', by: 'name', job: seenJob(tx, sameName.seq) };
}

function insertJob(tx: Transaction, { id, definition, nextSlot }: NewJob): number {
  const cron = definition.type === 'cron';
  const status = cron ? (nextSlot === null ? 'finished' : 'scheduled') : 'pending';
  const row = tx.sql.one<{ readonly seq: number }>(
    `INSERT INTO jobs (id, name, type, definition, status, created_at, updated_at, version_at, next_slot)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
    id,
    definition.name,
    definition.type,
    encodeDefinition(definition),
    status,
    tx.now,
    tx.now,
    tx.now,
    cron ? nextSlot : null,
  );
  if (row === undefined) throw new Error('an insert returned no row');
  return row.seq;
}

/** A key that has been forgotten may be used again. */
function rememberKey(tx: Transaction, { idempotency }: NewJob, seq: number): void {
  if (idempotency === null) return;
  tx.sql.run(
    'INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, job, created_at) VALUES (?, ?, ?, ?)',
    idempotency.key,
    idempotency.fingerprint,
    seq,
    tx.now,
  );
}

function bearFirstRun(tx: Transaction, { id, definition }: NewJob, runAt: number | null, seq: number): void {
  const readyAt = runAt ?? tx.now;
  const wanted = { trigger: 'submit', scheduledFor: runAt, readyAt } as const;
  bearRun(tx, jobOfRun({ seq, id, type: 'once' }), pendingBirth(definition, wanted, placeAt(readyAt, tx.now)));
}
