/** How a job comes to be, once. */
import { encodeDefinition } from '../../../domain/definition-json.ts';
import { runId } from '../../../domain/id.ts';
import { HOUR } from '../../../domain/instant.ts';
import type { Job, OnceDefinition } from '../../../domain/job.ts';
import { IDEMPOTENCY_HOURS, type CreateJobResult, type NewJob, type SubmitRequest } from '../../jobs.ts';
import { jobOfRun, pendingBirth } from '../schedules/gate.ts';
import { seenJob, type JobRow } from './job-rows.ts';
import { bearFirstRun } from '../runs/bear-run.ts';
import { placeAt } from '../runs/save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

export function createJobs(tx: Transaction, jobs: readonly NewJob[], request: SubmitRequest | null): CreateJobResult[] {
  const isReused = request !== null && rememberRequest(tx, request) === 'key_reused';
  if (isReused) return jobs.map(() => ({ status: 'key_reused' }));
  return jobs.map((job) => createJob(tx, job));
}

/** A key that has been forgotten may be used again. */
export function rememberRequest(tx: Transaction, { key, fingerprint }: SubmitRequest): 'remembered' | 'key_reused' {
  const known = tx.sql.one<{ readonly fingerprint: string }>(
    'SELECT fingerprint FROM idempotency_keys WHERE key = ? AND created_at > ?',
    key,
    tx.now - IDEMPOTENCY_HOURS * HOUR,
  );
  if (known !== undefined) return known.fingerprint === fingerprint ? 'remembered' : 'key_reused';
  const sql = 'INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, created_at) VALUES (?, ?, ?)';
  tx.sql.run(sql, key, fingerprint, tx.now);
  return 'remembered';
}

function createJob(tx: Transaction, wanted: NewJob): CreateJobResult {
  const seen = seenBefore(tx, wanted);
  if (seen !== null) return seen;
  const job =
    wanted.definition.type === 'cron' ? createCronJob(tx, wanted) : createOnceJob(tx, wanted, wanted.definition);
  tx.effects.changed('job', wanted.id);
  return { status: 'created', job };
}

function createCronJob(tx: Transaction, wanted: NewJob): Job {
  const { nextSlot } = wanted;
  const status = nextSlot === null ? 'finished' : 'scheduled';
  insertJob(tx, wanted, { status, next_slot: nextSlot, runs: 0, last_run: null });
  tx.effects.count('jobs', status, 1);
  tx.effects.earlier = true;
  return newJob(tx, wanted, { status, nextSlot, lastRun: null });
}

function createOnceJob(tx: Transaction, wanted: NewJob, definition: OnceDefinition): Job {
  const run = tx.nextRunSeq();
  const seq = insertJob(tx, wanted, { status: 'pending', next_slot: null, runs: 1, last_run: run });
  tx.effects.count('jobs', 'once', 1);
  const readyAt = definition.runAt ?? tx.now;
  const birth = { trigger: 'submit', scheduledFor: definition.runAt, readyAt } as const;
  const job = jobOfRun({ seq, id: wanted.id, type: 'once' });
  const { late_at: lateAt } = bearFirstRun(tx, job, run, pendingBirth(tx, definition, birth, placeAt(readyAt, tx.now)));
  const summary = { number: 1, status: 'pending', reason: null, startedAt: null, finishedAt: null } as const;
  const lastRun = { id: runId(wanted.id, 1), ...summary, contactLostAt: null, lateAt };
  return newJob(tx, wanted, { status: 'pending', nextSlot: null, lastRun });
}

/** As it would be read. */
function newJob(tx: Transaction, wanted: NewJob, state: Pick<Job, 'status' | 'nextSlot' | 'lastRun'>): Job {
  const { id, definition } = wanted;
  return { id, version: 1, definition, createdAt: tx.now, updatedAt: tx.now, lastSlot: null, ...state };
}

/** By id before by name: a repeat is told from a clash. */
function seenBefore(tx: Transaction, { id, definition }: NewJob): CreateJobResult | null {
  const sameId = tx.sql.one<{ readonly seq: number }>('SELECT seq FROM jobs WHERE id = ?', id);
  if (sameId !== undefined) return { status: 'existing', by: 'id', job: seenJob(tx, sameId.seq) };
  if (definition.name === null) return null;
  const sql = 'SELECT seq FROM jobs WHERE name = ? AND deleted_at IS NULL';
  const sameName = tx.sql.one<{ readonly seq: number }>(sql, definition.name);
  return sameName === undefined ? null : { status: 'existing', by: 'name', job: seenJob(tx, sameName.seq) };
}

/** @param state `runs`: how many it has, all of them live. */
function insertJob(
  tx: Transaction,
  { id, definition }: NewJob,
  state: Pick<JobRow, 'status' | 'next_slot' | 'last_run'> & { readonly runs: 0 | 1 },
): number {
  const row = tx.sql.one<{ readonly seq: number }>(
    `INSERT INTO jobs (id, name, type, definition, status, created_at, updated_at, version_at, next_slot,
       last_number, live, last_run)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7, ?8, ?8, ?9) RETURNING seq`,
    id,
    definition.name,
    definition.type,
    encodeDefinition(definition),
    state.status,
    tx.now,
    state.next_slot,
    state.runs,
    state.last_run,
  );
  if (row === undefined) throw new Error('an insert returned no row');
  return row.seq;
}
