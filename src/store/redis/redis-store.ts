/** The store on Redis: each method is one script, or reads, of a file beside this one. */
import { systemClock, type Clock } from '../../clock.ts';
import type { JobId, JobRef, RunId, WorkerId } from '../../domain/id.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Job } from '../../domain/job.ts';
import type { Attempt, Run } from '../../domain/run.ts';
import type { AuditEntry, AuditFilter, NewAuditEntry } from '../audit.ts';
import type {
  CreateJobResult,
  DeleteJobResult,
  FindJobResult,
  JobUpdate,
  JobVersion,
  NewJob,
  PauseJobResult,
  ResumeJobResult,
  SubmitRequest,
  UpdateJobResult,
} from '../jobs.ts';
import type { CreateKeyResult, Key, NewKey, NewSession, OpenSession, RevokeKeyResult, SecretHash } from '../keys.ts';
import type { ClaimRequest, ClaimResult, Ended, FinishResult, Held, RenewResult } from '../leases.ts';
import type { Losses } from '../losses.ts';
import type { AppendResult, OutputChunk, OutputPage } from '../output.ts';
import type { QueueChange, QueueCounts } from '../queues.ts';
import type { CancelResult, TriggerRequest, TriggerResult } from '../runs.ts';
import type { Sample } from '../samples.ts';
import type { FireResult, Firing, Tick } from '../schedules.ts';
import { JobschedError } from '../../errors.ts';
import type { Capabilities, Hint, Store } from '../store.ts';
import type { Totals } from '../totals.ts';
import type { ChangeId, Changes, Counts, Cursor, JobFilter, Page, RunFilter, Trimmed, TrimPolicy } from '../views.ts';
import type { WorkerInfo, WorkerRecord } from '../workers.ts';
import { checkRedis } from './link/checkup.ts';
import { Acknowledged } from './acknowledged.ts';
import { appendAudit, listAudit } from './access/audit.ts';
import { Batch, resultsOf } from './link/batch.ts';
import { ClaimedPlaces } from './leases/claimed-places.ts';
import { deleteJob, pauseJob, resumeJob, updateJob } from './jobs/change-jobs.ts';
import { changes } from './changes.ts';
import { connect, type RedisConnection, type RedisOptions } from './link/connection.ts';
import { createJobs, rememberRequest } from './jobs/create-jobs.ts';
import { findJob, jobVersions } from './jobs/find-jobs.ts';
import { getRun, liveRuns } from './runs/find-runs.ts';
import { abandon, appendOutput, claim, finish, release, renew, type Report } from './leases/leases.ts';
import {
  closeSession,
  createKey,
  findKey,
  findSession,
  keys,
  openSession,
  revokeKey,
  touchKey,
} from './access/keys.ts';
import { KnownSchedules } from './schedules/known-schedules.ts';
import { LeaseTime } from './leases/lease-time.ts';
import { listJobs } from './jobs/list-jobs.ts';
import { listRuns } from './runs/list-runs.ts';
import { counts, totals } from './counts/numbers.ts';
import { queues, setQueue, waitingSince } from './counts/queues.ts';
import { readOutput } from './output/read-output.ts';
import { fire, tick, type Ticking } from './schedules/schedules.ts';
import { cancel, trigger } from './runs/trigger.ts';
import { keepSample, samplesAt } from './counts/samples.ts';
import { trim } from './retention/trim.ts';
import { drainWorker, heartbeat, workers } from './leases/workers.ts';

/** @throws JobschedError for what stands in the way: see `connection.ts`. */
export async function openRedisStore(options: RedisOptions): Promise<Store> {
  return new RedisStore(await connect(options), options.report ?? warn, options.clock ?? systemClock);
}

class RedisStore implements Store {
  readonly capabilities: Capabilities;
  readonly #link: RedisConnection;
  readonly #report: Report;
  readonly #create: Batch<NewJob, CreateJobResult>;
  readonly #places = new ClaimedPlaces();
  readonly #ticking: Ticking;
  readonly #acknowledged = new Acknowledged();
  /** Whether another server answers than the one that acknowledged, and nobody looked yet whether it has all of that. */
  #doubtful = false;
  /** When the link to it was lost, by the monotonic clock. */
  #lostAt: Instant = 0;
  /** Resolves when the look that is under way has come to its end. */
  #verifying: Promise<void> = Promise.resolve();

  constructor(link: RedisConnection, report: Report, clock: Clock) {
    this.capabilities = { exclusive: false, location: link.location, flags: link.flags };
    this.#link = link;
    this.#report = report;
    this.#ticking = { schedules: new KnownSchedules(), leaseTime: new LeaseTime(clock) };
    this.#create = new Batch((jobs) => createJobs(link, jobs, null));
    link.onReturn((another, lostAt) => {
      if (!this.#doubtful) this.#lostAt = lostAt;
      this.#doubtful ||= another;
      this.#verifying = this.#verifying.then(() => this.#verify());
    });
  }

  now(): Promise<Instant> {
    return this.#link.now();
  }

  health(): Promise<void> {
    return this.#link.health();
  }

  checkup(): Promise<readonly Finding[]> {
    return checkRedis(this.#link);
  }

  /** Redis makes its own. */
  async backup(): Promise<null> {
    return null;
  }

  async losses(): Promise<Losses> {
    await this.#verifying;
    return this.#acknowledged.losses;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  createJobs(jobs: readonly NewJob[], request: SubmitRequest | null): Promise<CreateJobResult[]> {
    const made = request === null ? this.#create.ask(jobs) : createJobs(this.#link, jobs, request).then(resultsOf);
    return this.#keep(made, (results) => {
      for (const result of results) if (result.status === 'created') this.#acknowledged.made(result.job.id);
    });
  }

  rememberRequest(request: SubmitRequest): Promise<'remembered' | 'key_reused'> {
    return rememberRequest(this.#link, request);
  }

  updateJob(update: JobUpdate): Promise<UpdateJobResult> {
    return this.#keep(updateJob(this.#link, update), (result) => {
      if (result.status === 'updated') this.#acknowledged.changed('edit', result.job);
    });
  }

  pauseJob(job: JobId): Promise<PauseJobResult> {
    return this.#keep(pauseJob(this.#link, job), (result) => {
      if (result.status === 'paused') this.#acknowledged.changed('pause', result.job);
    });
  }

  resumeJob(job: JobId, nextSlot: Instant | null): Promise<ResumeJobResult> {
    return this.#keep(resumeJob(this.#link, job, nextSlot), (result) => {
      if (result.status === 'resumed') this.#acknowledged.changed('resumption', result.job);
    });
  }

  deleteJob(job: JobId, force: boolean): Promise<DeleteJobResult> {
    return this.#keep(deleteJob(this.#link, job, force), (result) => {
      if (result.status === 'deleted') this.#acknowledged.deleted(job);
    });
  }

  findJob(ref: JobRef): Promise<FindJobResult> {
    return findJob(this.#link, ref);
  }

  jobVersions(job: JobId): Promise<JobVersion[]> {
    return jobVersions(this.#link, job);
  }

  tick(limit: number): Promise<Tick> {
    return tick(this.#link, this.#ticking, limit);
  }

  fire(firings: readonly Firing[]): Promise<FireResult[]> {
    return fire(this.#link, firings);
  }

  trigger(request: TriggerRequest): Promise<TriggerResult> {
    return this.#keep(trigger(this.#link, request), (result) => {
      if (result.status === 'triggered') this.#acknowledged.triggered(result.run.id);
    });
  }

  cancel(run: RunId): Promise<CancelResult> {
    return this.#keep(cancel(this.#link, run), ({ status }) => {
      if (status === 'cancelled' || status === 'requested') this.#acknowledged.cancelled(run);
    });
  }

  getRun(run: RunId): Promise<{ readonly run: Run; readonly attempts: readonly Attempt[] } | null> {
    return getRun(this.#link, run);
  }

  liveRuns(job: JobId, before?: number): Promise<Run[]> {
    return liveRuns(this.#link, job, before);
  }

  claim(request: ClaimRequest): Promise<ClaimResult> {
    return claim(this.#link, this.#places, request);
  }

  finish(
    owner: WorkerId,
    ended: readonly Ended[],
    request: ClaimRequest | null,
  ): Promise<{ readonly results: readonly FinishResult[]; readonly claim: ClaimResult | null }> {
    const told = finish(this.#link, { places: this.#places, report: this.#report }, owner, ended, request);
    return this.#keep(told, ({ results }) => {
      for (const [index, one] of ended.entries()) {
        if (results[index] === 'ok' && one.retryAt === null) this.#acknowledged.ended(one.run);
      }
    });
  }

  renew(owner: WorkerId, held: readonly Held[]): Promise<RenewResult[]> {
    return renew(this.#link, this.#report, owner, held);
  }

  release(owner: WorkerId, held: readonly Held[]): Promise<FinishResult[]> {
    return release(this.#link, this.#report, owner, held);
  }

  abandon(owner: WorkerId): Promise<RunId[]> {
    return abandon(this.#link, owner);
  }

  appendOutput(owner: WorkerId, chunks: readonly OutputChunk[]): Promise<AppendResult[]> {
    return appendOutput(this.#link, this.#report, owner, chunks);
  }

  readOutput(run: RunId, attempt: number, offset: number): Promise<OutputPage | null> {
    return readOutput(this.#link, run, attempt, offset);
  }

  drainWorker(worker: WorkerId): Promise<'asked' | 'not_found'> {
    return drainWorker(this.#link, worker);
  }

  heartbeat(worker: WorkerInfo): Promise<'ok' | 'drain'> {
    return heartbeat(this.#link, worker);
  }

  workers(): Promise<WorkerRecord[]> {
    return workers(this.#link);
  }

  listJobs(filter: JobFilter, limit: number, cursor: Cursor | null): Promise<Page<Job>> {
    return listJobs(this.#link, filter, limit, cursor);
  }

  listRuns(filter: RunFilter, limit: number, cursor: Cursor | null): Promise<Page<Run>> {
    return listRuns(this.#link, filter, limit, cursor);
  }

  counts(): Promise<Counts> {
    return counts(this.#link);
  }

  totals(): Promise<Totals> {
    return totals(this.#link);
  }

  keepSample(sample: Sample): Promise<'kept' | 'known'> {
    return keepSample(this.#link, sample);
  }

  samplesAt(times: readonly Instant[]): Promise<(Sample | null)[]> {
    return samplesAt(this.#link, times);
  }

  queues(): Promise<QueueCounts[]> {
    return queues(this.#link);
  }

  waitingSince(names: readonly string[]): Promise<(Instant | null)[]> {
    return waitingSince(this.#link, names);
  }

  setQueue(name: string, change: QueueChange): Promise<void> {
    return this.#keep(setQueue(this.#link, name, change), () => this.#acknowledged.queueSet(name, change));
  }

  createKey(key: NewKey): Promise<CreateKeyResult> {
    return createKey(this.#link, key);
  }

  keys(): Promise<Key[]> {
    return keys(this.#link);
  }

  findKey(hash: SecretHash): Promise<Key | null> {
    return findKey(this.#link, hash);
  }

  touchKey(id: string): Promise<void> {
    return touchKey(this.#link, id);
  }

  revokeKey(id: string): Promise<RevokeKeyResult> {
    return this.#keep(revokeKey(this.#link, id), (result) => {
      if (result === 'revoked') this.#acknowledged.keyRevoked(id);
    });
  }

  openSession(session: NewSession): Promise<'opened' | 'no_key'> {
    return openSession(this.#link, session);
  }

  findSession(hash: SecretHash): Promise<OpenSession | null> {
    return findSession(this.#link, hash);
  }

  closeSession(hash: SecretHash): Promise<void> {
    return closeSession(this.#link, hash);
  }

  appendAudit(entries: readonly NewAuditEntry[]): Promise<void> {
    return appendAudit(this.#link, entries);
  }

  listAudit(filter: AuditFilter, limit: number, cursor: Cursor | null): Promise<Page<AuditEntry>> {
    return listAudit(this.#link, filter, limit, cursor);
  }

  changes(since: ChangeId | null): Promise<Changes> {
    return changes(this.#link, since);
  }

  trim(policy: TrimPolicy, limit: number): Promise<Trimmed> {
    return trim(this.#link, policy, limit);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#link.subscribe(listener);
  }

  waitForWork(queues: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#link.waitForWork(queues, signal);
  }

  async #keep<T>(asked: Promise<T>, keep: (answer: T) => void): Promise<T> {
    const answer = await asked;
    keep(answer);
    return answer;
  }

  /** A link that is lost meanwhile comes back, and then this is tried again. */
  async #verify(): Promise<void> {
    if (!this.#doubtful) return;
    this.#doubtful = false;
    try {
      const lost = await this.#acknowledged.verify(this.#link, this.#lostAt);
      if (lost !== null) this.#report(lost);
    } catch (error) {
      this.#doubtful = true;
      if (!(error instanceof JobschedError)) this.#report(error);
    }
  }
}

function warn(fault: unknown): void {
  process.emitWarning(fault instanceof Error ? fault : String(fault));
}
