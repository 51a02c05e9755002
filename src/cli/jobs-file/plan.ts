/** What would have to change so that a server has what a file says. Reads only. */
import type { CheckedJob } from './check.ts';
import { fieldsOf, isSame, wantedFields, type Fields } from './fields.ts';
import { JobschedError, type Client, type JobView } from '../../client/client.ts';

export interface Change {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export type Step =
  | { readonly action: 'create'; readonly name: string; readonly fields: Fields }
  | { readonly action: 'update'; readonly name: string; readonly version: number; readonly changes: readonly Change[] }
  | { readonly action: 'same'; readonly name: string }
  | { readonly action: 'delete'; readonly name: string; readonly job: JobView }
  /** It cannot be done; `why` completes the job's name. */
  | { readonly action: 'refuse'; readonly name: string; readonly why: string };

export interface PlanOptions {
  /** The set that the jobs belong to: a tag of theirs, `set:<name>`. */
  readonly set: string | null;
  /** Whether jobs of the set go that the file does not have. */
  readonly prune: boolean;
}

/** How many jobs of a set are asked for at once: the most that the server gives. */
const PAGE = 200;

export async function planChanges(
  client: Client,
  jobs: readonly CheckedJob[],
  { set, prune }: PlanOptions,
): Promise<readonly Step[]> {
  const { timezone } = await client.stats();
  const tag = set === null ? null : setTag(set);
  const steps: Step[] = [];
  for (const { name, body } of jobs) {
    const wanted = wantedFields(tag === null ? body : withTag(body, tag), timezone);
    steps.push(stepFor(name, wanted, await jobNamed(client, name)));
  }
  if (!prune || tag === null) return steps;
  const kept = new Set(jobs.map(({ name }) => name));
  for await (const job of client.jobs.all({ tag, limit: PAGE })) {
    if (!kept.has(job.name ?? '')) steps.push({ action: 'delete', name: job.name ?? job.id, job });
  }
  return steps;
}

/** The tag by which a set of jobs is found again. */
export const setTag = (set: string): string => `set:${set}`;

function withTag(body: Fields, tag: string): Fields {
  const tags = Array.isArray(body['tags']) ? (body['tags'] as readonly unknown[]) : [];
  return { ...body, tags: tags.includes(tag) ? tags : [...tags, tag] };
}

function stepFor(name: string, wanted: Fields, job: JobView | null): Step {
  if (job === null) return { action: 'create', name, fields: wanted };
  const type = wanted['schedule'] === undefined ? 'once' : 'cron';
  if (job.type !== type) {
    return {
      action: 'refuse',
      name,
      why: `is a ${job.type} job and stays one: delete it first, or choose another name`,
    };
  }
  const current = fieldsOf(job);
  const changes = Object.entries(wanted)
    .filter(([field, value]) => !isSame(value, current[field]))
    .map(([field, to]) => ({ field, from: current[field], to }));
  return changes.length === 0 ? { action: 'same', name } : { action: 'update', name, version: job.version, changes };
}

/** By its name alone: a word may also be the beginning of some other job's id. */
async function jobNamed(client: Client, name: string): Promise<JobView | null> {
  try {
    const job = await client.jobs.get(name);
    return job.name === name ? job : null;
  } catch (error) {
    if (error instanceof JobschedError && (error.code === 'not_found' || error.code === 'ambiguous')) return null;
    throw error;
  }
}

/** Whether there is something to do, or that cannot be done. */
export const isPending = ({ action }: Step): boolean => action !== 'same';
