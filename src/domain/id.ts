/**
 * The names that things go by.
 *
 * - A job has a UUID, made by whoever creates it, before the call, so that the call can be repeated.
 * - A run is `<job id>.<number>`, numbered 1, 2, 3… within its job.
 * - A worker has a UUID made at its start: the same host, restarted, is another worker.
 *
 * People write a job's name or the first characters of its id, and `nightly#42` for a run.
 */
declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

export type JobId = Branded<string, 'JobId'>;
export type RunId = Branded<string, 'RunId'>;
export type WorkerId = Branded<string, 'WorkerId'>;

/** What a person calls a job: its id, its name, or at least {@link SHORTEST_PREFIX} first characters of its id. */
export type JobRef = string;

/** Fewer characters of an id than this are never taken for a prefix. */
export const SHORTEST_PREFIX = 4;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const RUN = /^([0-9a-f-]{36})\.([1-9][0-9]{0,14})$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** @throws RangeError when the text is no UUID in lower case. */
export function jobId(text: string): JobId {
  if (!isJobId(text)) throw new RangeError(`not a job id: ${text}`);
  return text;
}

export function isJobId(text: string): text is JobId {
  return UUID.test(text);
}

/** @throws RangeError when the text is no UUID in lower case. */
export function workerId(text: string): WorkerId {
  if (!UUID.test(text)) throw new RangeError(`not a worker id: ${text}`);
  return text as WorkerId;
}

/** A job's name: 1 to 64 of `A-Z a-z 0-9 _ . -`, the first a letter or digit, and never what could be an id. */
export function isJobName(text: string): boolean {
  return NAME.test(text) && !UUID.test(text.toLowerCase());
}

/** Joined, which makes a text in one piece: see `uuid.ts`. */
export function runId(job: JobId, number: number): RunId {
  return [job, number].join('.') as RunId;
}

/** The job and the number that a run id is made of, or null when the text is no run id. */
export function parseRunId(text: string): { readonly run: RunId; readonly job: JobId; readonly number: number } | null {
  const [, job, digits] = RUN.exec(text) ?? [];
  if (job === undefined || digits === undefined || !isJobId(job)) return null;
  return { run: text as RunId, job, number: Number(digits) };
}

/** How people write a run: `nightly#42`, or `0199a6c2#1` for a job without a name. */
export function shortRunName(job: { readonly id: JobId; readonly name: string | null }, number: number): string {
  return `${job.name ?? job.id.slice(0, 8)}#${number}`;
}
