/**
 * A job as YAML in the editor of the person at the terminal. What was changed is sent, as of the version that was shown;
 * what the server refuses is shown above the text, which is opened again, so that no work is lost.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { formatYaml } from '../format/yaml.ts';
import { UsageError } from '../help/failure.ts';
import { jobName } from './job-words.ts';
import type { Session } from '../session.ts';
import { editorOf, runEditor } from '../started/editor.ts';
import { JobschedError, type JobView, type PatchBody } from '../../client/client.ts';
import { thisMachine } from '../../config/machine.ts';

/** How it fares, and what never changes. */
const NOT_EDITABLE = new Set([
  'id',
  'status',
  'version',
  'created_at',
  'updated_at',
  'next_run_at',
  'overdue',
  'last_run',
  'name',
  'type',
  'schedule_words',
]);

type Fields = Readonly<Record<string, unknown>>;

/** @returns the job after it. @throws UsageError when nothing was changed, or the editor failed. */
export async function editAsText(session: Session, job: JobView): Promise<JobView> {
  const before = editable(job);
  // For its owner alone: a definition can hold secrets.
  const folder = await mkdtemp(join(tmpdir(), 'jobsched-edit-'));
  const file = join(folder, `${jobName(job)}.yaml`);
  let text = heading(job, null) + formatYaml(before);
  try {
    for (;;) {
      await writeFile(file, text, { mode: 0o600 });
      if (!(await runEditor(editorOf(thisMachine().env), file))) {
        throw new UsageError('the editor failed: nothing is changed');
      }
      const edited = await readFile(file, 'utf8');
      if (edited === text) throw new UsageError('nothing was changed');
      try {
        const change = changed(before, fieldsOf(edited));
        if (Object.keys(change).length === 0) throw new UsageError('nothing was changed');
        return await session.client.jobs.update(job.id, change, job.version);
      } catch (error) {
        if (!isMendable(error)) throw error;
        text = heading(job, error.message) + edited.replace(/^(?:#.*\n)+/, '');
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function editable(job: JobView): Fields {
  return Object.fromEntries(
    Object.entries(job).filter(([name, value]) => !NOT_EDITABLE.has(name) && isOfType(job, name, value)),
  );
}

/** A once job has none of a cron job's fields, and the other way round: they are null. */
function isOfType({ type }: JobView, name: string, value: unknown): boolean {
  if (value !== null) return !(type === 'once' && name === 'schedule');
  return type === 'cron' ? name !== 'run_at' : !CRON_ONLY.has(name);
}

const CRON_ONLY = new Set(['timezone', 'starts_at', 'ends_at', 'jitter_seconds', 'misfire', 'misfire_window_seconds']);

function heading(job: JobView, problem: string | null): string {
  const lines = [
    ...(problem === null ? [] : [`This was refused: ${problem}`, '']),
    `The job ${jobName(job)}, version ${job.version}. Save and leave to change it; leave it as it is to change nothing.`,
    'A line that is removed goes back to the default.',
  ];
  return lines
    .map((line) => `# ${line.replaceAll('\n', ' ')}`.trimEnd())
    .join('\n')
    .concat('\n');
}

/** @throws JobschedError `invalid_request` for text that is no YAML, or something else than fields. */
function fieldsOf(text: string): Fields {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new JobschedError(
      'invalid_request',
      `this is not YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new JobschedError('invalid_request', 'it must be fields with their values');
}

/** A merge patch: what is other than before, and null for what is gone. */
function changed(before: Fields, after: Fields): PatchBody {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const others = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(others.map((name) => [name, after[name] ?? null]));
}

function isMendable(error: unknown): error is JobschedError {
  return error instanceof JobschedError && (error.code === 'invalid_request' || error.code === 'invalid_schedule');
}
