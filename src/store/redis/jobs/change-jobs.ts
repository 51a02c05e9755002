/** Jobs edited, paused, resumed, deleted. */
import type { JobId, RunId } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Job } from '../../../domain/job.ts';
import type { DeleteJobResult, JobUpdate, PauseJobResult, ResumeJobResult, UpdateJobResult } from '../../jobs.ts';
import { callMark } from '../link/call-mark.ts';
import { encodeWithFacts } from './facts.ts';
import { jobsById } from './find-jobs.ts';
import type { RedisLink } from '../link/link.ts';
import { numberOrNull, tagged } from '../link/reply.ts';

export async function updateJob(link: RedisLink, update: JobUpdate): Promise<UpdateJobResult> {
  const { job, ifVersion, definition, nextSlot } = update;
  const reply = await link.run('update-job', job, ifVersion ?? '', encodeWithFacts(definition), nextSlot ?? '');
  const [tag, first, second] = tagged(reply);
  if (tag === 'conflict') return { status: 'conflict', version: Number(first) };
  if (tag === 'stale') return { status: 'stale', now: Number(first), lastSlot: numberOrNull(second) };
  return withJob(link, job, tag === 'updated', 'updated');
}

export async function pauseJob(link: RedisLink, job: JobId): Promise<PauseJobResult> {
  const [tag] = tagged(await link.run('pause-job', job));
  if (tag === 'not_a_schedule') return { status: 'not_a_schedule' };
  return withJob(link, job, tag === 'paused', 'paused');
}

export async function resumeJob(link: RedisLink, job: JobId, nextSlot: Instant | null): Promise<ResumeJobResult> {
  const [tag, now, lastSlot] = tagged(await link.run('resume-job', job, nextSlot ?? ''));
  if (tag === 'not_a_schedule') return { status: 'not_a_schedule' };
  if (tag === 'stale') return { status: 'stale', now: Number(now), lastSlot: numberOrNull(lastSlot) };
  return withJob(link, job, tag === 'resumed', 'resumed');
}

export async function deleteJob(link: RedisLink, job: JobId, force: boolean): Promise<DeleteJobResult> {
  const [tag, ...runs] = tagged(await link.run('delete-job', job, force ? '1' : '', callMark()));
  if (tag === 'running') return { status: 'running', runs: runs.map((run) => String(run) as RunId) };
  return { status: tag === 'deleted' ? 'deleted' : 'not_found' };
}

/** The job as it is now: somebody may have deleted it since the script. */
async function withJob<Status extends string>(
  link: RedisLink,
  id: JobId,
  done: boolean,
  status: Status,
): Promise<{ readonly status: Status; readonly job: Job } | { readonly status: 'not_found' }> {
  const [job] = done ? await jobsById(link, [id]) : [];
  return job === undefined ? { status: 'not_found' } : { status, job };
}
