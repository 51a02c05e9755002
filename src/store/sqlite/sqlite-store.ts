/** The store on one SQLite file: each method is one operation of a file beside this one, in the turn's transaction. */
/* oxlint-disable max-lines -- one method for each of the contract, three lines each */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { JobId, JobRef, RunId, WorkerId } from '../../domain/id.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Attempt, Run } from '../../domain/run.ts';
import { JobschedError } from '../../errors.ts';
import type { Backup } from '../backup.ts';
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
import { NO_LOSSES, type Losses } from '../losses.ts';
import type { AppendResult, OutputChunk, OutputPage } from '../output.ts';
import type { QueueChange, QueueCounts } from '../queues.ts';
import type { CancelResult, TriggerRequest, TriggerResult } from '../runs.ts';
import type { Sample } from '../samples.ts';
import type { FireResult, Firing, Tick } from '../schedules.ts';
import { MOST_ITEMS, type Capabilities, type Hint, type Store } from '../store.ts';
import type { Totals } from '../totals.ts';
import type { ChangeId, Changes, Counts, Cursor, JobFilter, Page, RunFilter, Trimmed, TrimPolicy } from '../views.ts';
import type { WorkerInfo, WorkerRecord } from '../workers.ts';
import type { Job } from '../../domain/job.ts';
import { checkFile } from './file/checkup.ts';
import { appendAudit, listAudit } from './access/audit.ts';
import { appendOne } from './output/append-output.ts';
import { pauseJob, resumeJob, updateJob } from './jobs/change-jobs.ts';
import { ChangeLog } from './transaction/changes.ts';
import { Backups } from './backup/backup.ts';
import { claim, hasWork } from './leases/claim.ts';
import { connect } from './file/connection.ts';
import { Contact } from './leases/contact.ts';
import { saveCounts } from './counts/counters.ts';
import { createJobs, rememberRequest } from './jobs/create-jobs.ts';
import { deleteJob } from './jobs/delete-job.ts';
import { each } from './transaction/each.ts';
import { TransactionEffects } from './transaction/effects.ts';
import { engineError, openError } from './file/engine-error.ts';
import { findJob, jobVersions } from './jobs/find-jobs.ts';
import { finishOne, releaseOne, renewOne } from './leases/finish.ts';
import { fire } from './schedules/fire.ts';
import { GroupCommit } from './transaction/group-commit.ts';
import { countOpening, mustBeThere, noteProbe } from './file/health.ts';
import { HintHub } from './transaction/hints.ts';
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
import { abandon } from './leases/lapse.ts';
import { listJobs } from './jobs/list-jobs.ts';
import { listRuns } from './runs/list-runs.ts';
import { counts, totals } from './counts/numbers.ts';
import type { SqliteOptions } from './options.ts';
import { queues, setQueue, waitingSince } from './counts/queues.ts';
import { readOutput } from './output/read-output.ts';
import { getRun, liveRuns } from './runs/run-rows.ts';
import { keepSample, samplesAt } from './counts/samples.ts';
import { Statements } from './file/statements.ts';
import { tick } from './schedules/tick.ts';
import type { Reading, Transaction } from './transaction/transaction.ts';
import { cancel, trigger } from './runs/trigger.ts';
import { trim } from './retention/trim.ts';
import { drainWorker, heartbeat, workers } from './leases/workers.ts';

/** @throws JobschedError `data_in_use`, `data_unwritable`, `data_newer`, `data_damaged` or `engine_full`. */
export async function openSqliteStore({ file, clock, report = warn }: SqliteOptions): Promise<Store> {
  const db = connect(file);
  try {
    return new SqliteStore(db, file, clock, report);
  } catch (error) {
    db.close();
    throw openError(error, file);
  }
}

class SqliteStore implements Store {
  readonly capabilities: Capabilities;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #sql: Statements;
  readonly #commit: GroupCommit<TransactionEffects>;
  readonly #hints: HintHub;
  readonly #report: (fault: unknown) => void;
  /** Whether a write has failed for the engine since it was last known to be well. */
  #troubled = false;
  readonly #changes: ChangeLog;
  readonly #contact: Contact;
  readonly #backups: Backups;
  #lastRunSeq: number;
  #open = true;

  constructor(db: DatabaseSync, file: string, clock: Clock, report: (fault: unknown) => void) {
    this.capabilities = { exclusive: true, location: file };
    this.#db = db;
    this.#clock = clock;
    this.#contact = new Contact(clock);
    this.#sql = new Statements(db);
    this.#report = report;
    this.#hints = new HintHub(report);
    this.#changes = new ChangeLog(countOpening(this.#sql));
    this.#lastRunSeq = this.#sql.one<{ readonly seq: number | null }>('SELECT max(seq) AS seq FROM runs')?.seq ?? 0;
    this.#commit = new GroupCommit(db, {
      newEffects: (before) => new TransactionEffects(before),
      beforeCommit: (effects) => saveCounts(this.#sql, effects),
      afterCommit: (effects) => this.#tell(effects),
      report,
      translate: (error) => this.#failed(error),
    });
    this.#backups = new Backups(db, this.#commit, file, report);
  }

  async now(): Promise<Instant> {
    return this.#clock.now();
  }

  /** What it acknowledged is on the disk. */
  async losses(): Promise<Losses> {
    return NO_LOSSES;
  }

  checkup(): Promise<readonly Finding[]> {
    return checkFile(this.capabilities.location);
  }

  async backup(): Promise<Backup> {
    this.#mustBeOpen();
    try {
      return await this.#backups.make();
    } catch (error) {
      throw engineError(error, this.capabilities.location);
    }
  }

  async health(): Promise<void> {
    await this.#read(() => mustBeThere(this.capabilities.location));
    if (!this.#troubled) return;
    await this.#write(({ sql }) => noteProbe(sql));
    this.#troubled = false;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#commit.flush();
    this.#open = false;
    this.#hints.close();
    this.#db.close();
  }

  createJobs(jobs: readonly NewJob[], request: SubmitRequest | null): Promise<CreateJobResult[]> {
    return this.#write((tx) => createJobs(tx, jobs, request));
  }

  rememberRequest(request: SubmitRequest): Promise<'remembered' | 'key_reused'> {
    return this.#write((tx) => rememberRequest(tx, request));
  }

  updateJob(update: JobUpdate): Promise<UpdateJobResult> {
    return this.#write((tx) => updateJob(tx, update));
  }

  pauseJob(job: JobId): Promise<PauseJobResult> {
    return this.#write((tx) => pauseJob(tx, job));
  }

  resumeJob(job: JobId, nextSlot: Instant | null): Promise<ResumeJobResult> {
    return this.#write((tx) => resumeJob(tx, job, nextSlot));
  }

  deleteJob(job: JobId, force: boolean): Promise<DeleteJobResult> {
    return this.#write((tx) => deleteJob(tx, job, force));
  }

  findJob(ref: JobRef): Promise<FindJobResult> {
    return this.#read((of) => findJob(of, ref));
  }

  jobVersions(job: JobId): Promise<JobVersion[]> {
    return this.#read((of) => jobVersions(of, job));
  }

  tick(limit: number): Promise<Tick> {
    return this.#write((tx) => {
      this.#contact.note(tx);
      return tick(tx, limit);
    });
  }

  fire(firings: readonly Firing[]): Promise<FireResult[]> {
    return this.#write((tx) => each(tx, firings, fire, (error) => ({ status: 'failed', error })));
  }

  trigger(request: TriggerRequest): Promise<TriggerResult> {
    return this.#write((tx) => trigger(tx, request));
  }

  cancel(run: RunId): Promise<CancelResult> {
    return this.#write((tx) => cancel(tx, run));
  }

  getRun(id: RunId): Promise<{ readonly run: Run; readonly attempts: readonly Attempt[] } | null> {
    return this.#read((of) => getRun(of, id));
  }

  liveRuns(job: JobId, before?: number): Promise<Run[]> {
    return this.#read((of) => liveRuns(of, job, before));
  }

  claim(request: ClaimRequest): Promise<ClaimResult> {
    return this.#write((tx) => {
      this.#contact.note(tx);
      return claim(tx, request);
    });
  }

  finish(
    owner: WorkerId,
    ended: readonly Ended[],
    next: ClaimRequest | null,
  ): Promise<{ readonly results: readonly FinishResult[]; readonly claim: ClaimResult | null }> {
    const end = (tx: Transaction, one: Ended): FinishResult => finishOne(tx, owner, one);
    return this.#write((tx) => {
      this.#contact.note(tx);
      const results = each(tx, ended, end, (): FinishResult => 'lost');
      return { results, claim: next === null ? null : claim(tx, next) };
    });
  }

  async renew(owner: WorkerId, held: readonly Held[]): Promise<RenewResult[]> {
    try {
      return await this.#write((tx) => {
        this.#contact.note(tx);
        return held.map((one) => renewOne(tx, owner, one));
      });
    } catch (error) {
      this.#contact.broke();
      throw error;
    }
  }

  release(owner: WorkerId, held: readonly Held[]): Promise<FinishResult[]> {
    return this.#write((tx) => held.map((one) => releaseOne(tx, owner, one)));
  }

  async abandon(owner: WorkerId): Promise<RunId[]> {
    const all: RunId[] = [];
    for (;;) {
      const some = await this.#write((tx) => abandon(tx, owner, MOST_ITEMS));
      all.push(...some);
      if (some.length < MOST_ITEMS) return all;
    }
  }

  appendOutput(owner: WorkerId, chunks: readonly OutputChunk[]): Promise<AppendResult[]> {
    const append = (tx: Transaction, chunk: OutputChunk): AppendResult => appendOne(tx, owner, chunk);
    return this.#write((tx) => each(tx, chunks, append, () => 'duplicate'));
  }

  readOutput(run: RunId, attempt: number, offset: number): Promise<OutputPage | null> {
    return this.#read((of) => readOutput(of, run, attempt, offset));
  }

  drainWorker(worker: WorkerId): Promise<'asked' | 'not_found'> {
    return this.#write((tx) => drainWorker(tx, worker));
  }

  heartbeat(worker: WorkerInfo): Promise<'ok' | 'drain'> {
    return this.#write((tx) => heartbeat(tx, worker));
  }

  workers(): Promise<WorkerRecord[]> {
    return this.#read(workers);
  }

  listJobs(filter: JobFilter, limit: number, cursor: Cursor | null): Promise<Page<Job>> {
    return this.#read((of) => listJobs(of, filter, limit, cursor));
  }

  listRuns(filter: RunFilter, limit: number, cursor: Cursor | null): Promise<Page<Run>> {
    return this.#read((of) => listRuns(of, filter, limit, cursor));
  }

  counts(): Promise<Counts> {
    return this.#read(counts);
  }

  totals(): Promise<Totals> {
    return this.#read(totals);
  }

  keepSample(sample: Sample): Promise<'kept' | 'known'> {
    return this.#write((tx) => keepSample(tx, sample));
  }

  samplesAt(times: readonly Instant[]): Promise<(Sample | null)[]> {
    return this.#read((of) => samplesAt(of, times));
  }

  queues(): Promise<QueueCounts[]> {
    return this.#read(queues);
  }

  waitingSince(names: readonly string[]): Promise<(Instant | null)[]> {
    return this.#read((of) => waitingSince(of, names));
  }

  setQueue(name: string, change: QueueChange): Promise<void> {
    return this.#write((tx) => setQueue(tx, name, change));
  }

  createKey(key: NewKey): Promise<CreateKeyResult> {
    return this.#write((tx) => createKey(tx, key));
  }

  keys(): Promise<Key[]> {
    return this.#read(keys);
  }

  findKey(hash: SecretHash): Promise<Key | null> {
    return this.#read((of) => findKey(of, hash));
  }

  touchKey(id: string): Promise<void> {
    return this.#write((tx) => touchKey(tx, id));
  }

  revokeKey(id: string): Promise<RevokeKeyResult> {
    return this.#write((tx) => revokeKey(tx, id));
  }

  openSession(session: NewSession): Promise<'opened' | 'no_key'> {
    return this.#write((tx) => openSession(tx, session));
  }

  findSession(hash: SecretHash): Promise<OpenSession | null> {
    return this.#read((of) => findSession(of, hash));
  }

  closeSession(hash: SecretHash): Promise<void> {
    return this.#write((tx) => closeSession(tx, hash));
  }

  appendAudit(entries: readonly NewAuditEntry[]): Promise<void> {
    return this.#write((tx) => appendAudit(tx, entries));
  }

  listAudit(filter: AuditFilter, limit: number, cursor: Cursor | null): Promise<Page<AuditEntry>> {
    return this.#read((of) => listAudit(of, filter, limit, cursor));
  }

  async changes(since: ChangeId | null): Promise<Changes> {
    this.#mustBeOpen();
    return this.#changes.since(since);
  }

  trim(policy: TrimPolicy, limit: number): Promise<Trimmed> {
    return this.#write((tx) => trim(tx, policy, limit));
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#hints.subscribe(listener);
  }

  async waitForWork(wanted: readonly string[], signal: AbortSignal): Promise<void> {
    if (await this.#read((of) => hasWork(of, wanted))) return;
    await this.#hints.wait(wanted, signal);
  }

  async #write<T>(operation: (tx: Transaction) => T): Promise<T> {
    this.#mustBeOpen();
    return this.#commit.write((effects) =>
      operation({ ...this.#reading(), effects, report: this.#report, nextRunSeq: () => this.#nextRunSeq() }),
    );
  }

  /** At once: between turns the connection is in no transaction, so what is read is committed. */
  async #read<T>(operation: (of: Reading) => T): Promise<T> {
    this.#mustBeOpen();
    try {
      return operation(this.#reading());
    } catch (error) {
      throw engineError(error, this.capabilities.location);
    }
  }

  #reading(): Reading {
    return { sql: this.#sql, now: this.#clock.now() };
  }

  #nextRunSeq(): number {
    this.#lastRunSeq = Math.max(this.#clock.now() * 1_000, this.#lastRunSeq + 1);
    return this.#lastRunSeq;
  }

  #tell(effects: TransactionEffects): void {
    this.#contact.committed(effects);
    this.#changes.add(effects.changes.values());
    this.#hints.tell(effects);
  }

  #failed(error: unknown): unknown {
    const told = engineError(error, this.capabilities.location);
    this.#troubled ||= told instanceof JobschedError;
    return told;
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new JobschedError('engine_unavailable', 'The store has been closed.');
  }
}

/** For a store that nobody reads the reports of. */
function warn(fault: unknown): void {
  process.emitWarning(fault instanceof Error ? fault : String(fault));
}
