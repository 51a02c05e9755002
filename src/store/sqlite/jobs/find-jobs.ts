/** Jobs found by what people call them. */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import { SHORTEST_PREFIX, type JobId, type JobRef } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { FindJobResult, JobVersion } from '../../jobs.ts';
import { findJobRow, seenJob, type JobRow } from './job-rows.ts';
import type { Reading } from '../transaction/transaction.ts';

/** How many of those that share a prefix are named. */
const MOST_NAMED = 10;

type Named = Pick<JobRow, 'seq' | 'id'>;

export function findJob(of: Reading, ref: JobRef): FindJobResult {
  const exact = byIdOrName(of, ref);
  if (exact !== undefined) return { status: 'found', job: seenJob(of, exact.seq) };
  const matches = byPrefix(of, ref.toLowerCase());
  const [only] = matches;
  if (only === undefined) return { status: 'not_found' };
  if (matches.length > 1) return { status: 'ambiguous', jobs: matches.slice(0, MOST_NAMED).map(({ id }) => id) };
  return { status: 'found', job: seenJob(of, only.seq) };
}

export function jobVersions(of: Reading, id: JobId): JobVersion[] {
  const job = findJobRow(of, id);
  if (job === undefined) return [];
  const older = of.sql.all<{ readonly version: number; readonly definition: string; readonly created_at: Instant }>(
    'SELECT version, definition, created_at FROM job_versions WHERE job = ? ORDER BY version DESC',
    job.seq,
  );
  return [{ ...job, created_at: job.version_at }, ...older].map((row) => ({
    version: row.version,
    definition: decodeDefinition(row.definition),
    createdAt: row.created_at,
  }));
}

function byIdOrName(of: Reading, ref: JobRef): Named | undefined {
  return (
    of.sql.one<Named>('SELECT seq, id FROM jobs WHERE id = ? AND deleted_at IS NULL', ref) ??
    of.sql.one<Named>('SELECT seq, id FROM jobs WHERE name = ? AND deleted_at IS NULL', ref)
  );
}

/** `~` sorts behind every character of an id. */
function byPrefix(of: Reading, prefix: string): Named[] {
  if (prefix.length < SHORTEST_PREFIX) return [];
  return of.sql.all<Named>(
    'SELECT seq, id FROM jobs WHERE id >= ? AND id < ? AND deleted_at IS NULL ORDER BY id LIMIT ?',
    prefix,
    `${prefix}~`,
    MOST_NAMED + 1,
  );
}
