/** Judges the jobs of a file as a server would, without one. */
import type { FileJob, FileProblem, JobsFile } from './read.ts';
import { systemClock } from '../../clock.ts';

/** A job that may be sent. */
export interface CheckedJob {
  readonly name: string;
  /** With its name. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Checked {
  readonly jobs: readonly CheckedJob[];
  /** All that is wrong, in the file's order. */
  readonly problems: readonly FileProblem[];
}

/** @param timezone of schedules that name none: any will do, for whether they can be read does not depend on it. */
export async function checkJobs(file: JobsFile, timezone: string): Promise<Checked> {
  // It brings zod: loaded for those who have a file of jobs.
  const { judgeJob } = await import('../../http/job/judge.ts');
  const context = { now: systemClock.now(), timezone };
  const jobs: CheckedJob[] = [];
  const problems: FileProblem[] = [...file.problems];
  for (const { name, body, placeOf } of file.jobs) {
    const named = isMap(body) ? { ...body, name: body['name'] ?? name } : body;
    const judged = judgeJob(named, context, { at: name });
    const inFields = judged.ok ? [] : judged.faults;
    const isNameWrong = inFields.some(({ field }) => field === `${name}.name`);
    const faults = [...inFields, ...(isNameWrong ? [] : otherName(name, named))];
    problems.push(...faults.map((fault) => problemOf(fault, { name, placeOf })));
    if (faults.length === 0 && isMap(named)) jobs.push({ name, body: named });
  }
  return { jobs, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

interface Wrong {
  readonly field: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

function otherName(name: string, body: unknown): readonly Wrong[] {
  if (!isMap(body) || body['name'] === name) return [];
  return [{ field: `${name}.name`, message: `is not what the job is called here: ${name}`, hint: 'Leave it out.' }];
}

function problemOf({ field, message, hint }: Wrong, { name, placeOf }: Pick<FileJob, 'name' | 'placeOf'>): FileProblem {
  const inner = field.startsWith(`${name}.`) ? field.slice(name.length + 1) : '';
  const path = inner.split(/[.[\]]+/).filter((part) => part !== '');
  const place = placeOf(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
  return { ...place, message: `${field} ${message}${hint === undefined ? '' : ` (${hint})`}` };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
