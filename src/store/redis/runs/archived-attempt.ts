/** Earlier attempts, as they lie in `a:<seq>` by their numbers, beside the claims that were given back. */
import type { WorkerId } from '../../../domain/id.ts';
import type { Attempt } from '../../../domain/run.ts';
import type { Fields } from '../fields.ts';
import { ATTEMPT_FIELDS } from '../layout.ts';
import { toOutcome } from './run-hash.ts';

/** An attempt that has ended, with what its output needs. */
export interface ArchivedAttempt {
  readonly attempt: Attempt;
  /** Null for the usual one. */
  readonly outputLimit: number | null;
}

type Name = (typeof ATTEMPT_FIELDS)[number];

/** All of a run's, the first one first. */
export function archivedAttempts(fields: Fields): Attempt[] {
  return Object.entries(fields)
    .filter(([number]) => /^[0-9]/.test(number))
    .map(([number, text]) => toArchived(Number(number), text ?? '', fields[`l${number}`]).attempt)
    .toSorted((a, b) => a.number - b.number);
}

/** @param left what says how many processes it left running; undefined for none. */
export function toArchived(number: number, text: string, left?: string): ArchivedAttempt {
  const parts = split(text);
  const optional = (name: Name): number | null => (parts[name] === '' ? null : Number(parts[name]));
  const total = optional('output_total') ?? 0;
  const attempt: Attempt = {
    number,
    version: Number(parts.version),
    fence: Number(parts.attempt_fence),
    owner: parts.owner as WorkerId,
    worker: parts.worker,
    startedAt: Number(parts.attempt_started_at),
    finishedAt: Number(parts.attempt_finished_at),
    durationMs: optional('duration_ms'),
    outcome: toOutcome(parts.outcome || undefined),
    leftRunning: Number(left ?? 0),
    outputBytes: total,
    outputDropped: total - (optional('output_kept') ?? total),
  };
  return { attempt, outputLimit: optional('output_limit') };
}

function split(text: string): Readonly<Record<Name, string>> {
  const parts = text.split('|');
  const last = ATTEMPT_FIELDS.length - 1;
  const values = [...parts.slice(0, last), parts.slice(last).join('|')];
  return Object.fromEntries(ATTEMPT_FIELDS.map((name, index) => [name, values[index] ?? ''])) as Record<Name, string>;
}
