/** What happens to assignments on this host: their children are started, followed and ended. */
import type { Clock } from '../clock.ts';
import { SECOND, type Instant, type Millis } from '../domain/instant.ts';
import { retryAt } from '../domain/retry.ts';
import type { FailReason, Outcome } from '../domain/run.ts';
import type { Logger } from '../log.ts';
import type { ClaimedRun } from '../store/leases.ts';
import type { Allowances } from './allowances.ts';
import type { Assignment, Assignments } from './assignment.ts';
import type { EngineClock } from './engine-clock.ts';
import { commandEnvironment, type Environment } from './environment.ts';
import type { CommandSpec, Ending, Executor, StopCause } from './executor/executor.ts';
import type { OutputPump } from './output/output-pump.ts';

export interface AttemptsOptions {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly engineClock: EngineClock;
  readonly logger: Logger;
  readonly assignments: Assignments;
  readonly allowances: Allowances;
  readonly pump: OutputPump;
  readonly environment: Environment;
  readonly home: string;
  /** An end waits to be told, or a slot became free. */
  readonly onChange: () => void;
}

/** For how long children are started in one turn of the event loop: each takes about a millisecond, and others wait too. */
const STARTS_FOR: Millis = 4;

/** Of process ids in a line of the log. */
const MOST_PIDS = 20;

const DRAINED: StopCause = { kind: 'lost', detail: 'drained' };

export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #toStart: Assignment[] = [];
  #starting = false;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** Takes over what was claimed. Children are started from the next turn on. */
  add(claimed: readonly ClaimedRun[], sentAt: Millis): void {
    for (const run of claimed) {
      // A repeated claim answers what it answered before.
      const known = this.#options.assignments.get(run);
      if (known) known.renewedAt = Math.max(known.renewedAt, sentAt);
      else this.#toStart.push(this.#assign(run, sentAt));
    }
    this.#startSoon();
  }

  /** Those that were claimed and not started are not started any more. */
  takeBack(): Assignment[] {
    return this.#toStart.splice(0);
  }

  /** The same for one. @returns false when it was started, or taken back before. */
  takeBackOne(assignment: Assignment): boolean {
    const index = this.#toStart.indexOf(assignment);
    if (index >= 0) this.#toStart.splice(index, 1);
    return index >= 0;
  }

  /** The store said that it is ours still. */
  renewed(assignment: Assignment): void {
    this.#options.allowances.renewed(assignment);
    this.#startSoon();
  }

  cancel(assignment: Assignment): void {
    if (assignment.cancelled || assignment.result) return;
    assignment.cancelled = true;
    const { definition } = assignment.claimed;
    this.#options.logger.info(named(assignment), 'run is being cancelled');
    assignment.execution?.stop({ kind: 'cancelled' }, definition.killGraceSeconds * SECOND);
  }

  /**
   * It is not ours any more: another attempt may begin at any moment. Means nothing for one whose end is known: a
   * renewal that crosses the end finds it gone because it was told, and the answer to its end says what became of it.
   */
  lose(assignment: Assignment): void {
    if (assignment.lost || assignment.result || !this.#options.assignments.has(assignment)) return;
    assignment.lost = true;
    const killed = assignment.alive ? '; its command is killed' : '';
    this.#options.logger.warn(named(assignment), `run was lost: the store has given it up${killed}`);
    assignment.execution?.stop({ kind: 'lost', detail: 'given up by the store' }, 0);
    this.takeBackOne(assignment);
    if (!assignment.alive) this.forget(assignment);
  }

  /** The store could not be reached for so long that it will give the attempt up, whose command has been started. */
  loseContact(assignment: Assignment, graceMs: Millis): void {
    if (assignment.contactLost) return;
    assignment.contactLost = true;
    this.#options.logger.warn(named(assignment), 'run is being ended: its lease could not be renewed for too long');
    this.#options.allowances.ending(assignment, graceMs);
    assignment.execution?.stop({ kind: 'lost', detail: 'the worker lost contact' }, graceMs);
  }

  /** @param most the longest grace between TERM and KILL; each job's own counts when it is shorter. */
  endAll(most: Millis): void {
    for (const { execution, claimed } of this.#options.assignments.living()) {
      execution?.stop(DRAINED, Math.min(most, claimed.definition.killGraceSeconds * SECOND));
    }
  }

  #assign(claimed: ClaimedRun, sentAt: Millis): Assignment {
    const channel = this.#options.pump.open(claimed, claimed.definition.outputLimitBytes);
    const assignment = {
      claimed,
      channel,
      renewedAt: sentAt,
      execution: null,
      alive: false,
      cancelled: claimed.cancelRequested,
      contactLost: false,
      lost: false,
      result: null,
    };
    this.#options.assignments.add(assignment);
    return assignment;
  }

  #startSoon(): void {
    if (this.#starting || this.#next() < 0) return;
    this.#starting = true;
    setImmediate(() => {
      this.#starting = false;
      this.#startSome();
      this.#startSoon();
    });
  }

  #startSome(): void {
    const { clock } = this.#options;
    const until = clock.monotonic() + STARTS_FOR;
    for (let next = this.#next(); next >= 0 && clock.monotonic() < until; next = this.#next()) {
      for (const assignment of this.#toStart.splice(next, 1)) this.#start(assignment);
    }
  }

  /** The first that may be started, -1 for none: what stood still for too long waits for a renewal, or is taken back. */
  #next(): number {
    return this.#toStart.findIndex((assignment) => this.#options.allowances.mayStart(assignment));
  }

  #start(assignment: Assignment): void {
    if (assignment.cancelled) return void this.#follow(assignment, Promise.resolve(CANCELLED_BEFORE_START));
    const { executor, allowances } = this.#options;
    const command: CommandSpec = {
      ...this.#command(assignment.claimed),
      mayLeaveOthers: () => !allowances.hasRunOut(assignment),
      onGroupGone: () => allowances.groupGone(assignment),
    };
    const execution = executor.start(command, assignment.channel);
    assignment.execution = execution;
    assignment.alive = true;
    void execution.started.then((pid) => pid !== null && this.#started(assignment, pid));
    void this.#follow(assignment, execution.ended);
  }

  #started(assignment: Assignment, pid: number): void {
    this.#options.allowances.started(assignment, pid);
    this.#options.logger.info({ ...named(assignment), pid }, 'run started');
  }

  #command(claimed: ClaimedRun): CommandSpec {
    const { command, shell, cwd, stdin, timeoutSeconds, killGraceSeconds } = claimed.definition;
    return {
      command,
      shell,
      cwd: cwd ?? this.#options.home,
      stdin,
      env: commandEnvironment(this.#options.environment, claimed),
      timeoutMs: timeoutSeconds === null ? null : timeoutSeconds * SECOND,
      killGraceMs: killGraceSeconds * SECOND,
    };
  }

  async #follow(assignment: Assignment, ending: Promise<Ending>): Promise<void> {
    const { outcome: seen, durationMs, left } = await ending;
    assignment.alive = false;
    if (left.length > 0) this.#logLeft(assignment, seen, left);
    const outcome = this.#options.allowances.ended(assignment, seen);
    if (assignment.lost) return this.forget(assignment);
    const endedAt = this.#options.clock.monotonic();
    const retry = await this.#retryAt(assignment.claimed, outcome);
    if (assignment.lost) return;
    this.#logEnd(assignment, outcome, durationMs, retry !== null);
    const leftRunning = left.length;
    assignment.channel.close();
    this.#options.pump.hurry();
    const output = await assignment.channel.last;
    if (assignment.lost) return;
    const { run, fence } = assignment.claimed;
    assignment.result = { ended: { run, fence, outcome, retryAt: retry, durationMs, leftRunning, output }, endedAt };
    this.#options.onChange();
  }

  /** By the engine's clock as it is now: by one that was set back since, the retry would wait for that much longer. */
  async #retryAt(claimed: ClaimedRun, outcome: Outcome): Promise<Instant | null> {
    const { engineClock } = this.#options;
    const at = (): Instant | null => retryAt(claimed.definition, claimed, outcome, engineClock.now());
    if (at() === null) return null;
    await engineClock.ask();
    return at();
  }

  /** Nothing of it is left, or of interest. */
  forget(assignment: Assignment): void {
    assignment.channel.close();
    assignment.channel.discard();
    this.#options.assignments.remove(assignment);
    this.#options.onChange();
  }

  #logLeft(assignment: Assignment, outcome: Outcome, left: readonly number[]): void {
    const fields = { ...named(assignment), left: left.length, pids: left.slice(0, MOST_PIDS) };
    if (endedByItself(outcome)) this.#options.logger.info(fields, 'run left processes running');
    else this.#options.logger.error(fields, 'processes of the run could not be ended');
  }

  #logEnd(assignment: Assignment, outcome: Outcome, durationMs: Millis, retried: boolean): void {
    const failed = outcome.status === 'failed';
    const what = failed && retried ? 'run failed and is retried' : `run ${outcome.status}`;
    const { logger } = this.#options;
    logger[failed ? 'warn' : 'info']({ ...named(assignment), ...outcome, ms: durationMs }, what);
  }
}

const CANCELLED_BEFORE_START: Ending = {
  outcome: { status: 'cancelled', exitCode: null, signal: null },
  durationMs: 0,
  left: [],
};

/** What every line of the log says of an attempt. */
function named({ claimed: { jobId, jobName, run, attempt } }: Assignment): object {
  return { job: jobId, ...(jobName === null ? {} : { name: jobName }), run, attempt };
}

/** Not told to: then what is left of it was meant to stay. */
function endedByItself(outcome: Outcome): boolean {
  return outcome.status === 'succeeded' || (outcome.status === 'failed' && !TOLD.has(outcome.reason));
}

const TOLD: ReadonlySet<FailReason> = new Set(['timeout', 'lost']);
