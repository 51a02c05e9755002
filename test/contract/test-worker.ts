/** A worker that only talks to the store: it claims and tells what became of it, and starts no child. */
import type { RunId, WorkerId } from '../../src/domain/id.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Frame } from '../../src/domain/output/frame.ts';
import type { Outcome } from '../../src/domain/run.ts';
import type {
  ClaimedRun,
  ClaimRequest,
  ClaimResult,
  Ended,
  FinishResult,
  Held,
  RenewResult,
} from '../../src/store/leases.ts';
import type { AppendResult } from '../../src/store/output.ts';
import type { Store } from '../../src/store/store.ts';
import type { WorkerInfo } from '../../src/store/workers.ts';

export const SUCCEEDED: Outcome = { status: 'succeeded' };
export const EXIT_1: Outcome = { status: 'failed', reason: 'exit', exitCode: 1 };
export const KILLED: Outcome = { status: 'cancelled', exitCode: null, signal: 'SIGTERM' };

export class TestWorker {
  readonly owner: WorkerId;
  readonly name: string;
  readonly #store: () => Store;
  #claims = 0;

  constructor(store: () => Store, owner: WorkerId, name: string) {
    this.#store = store;
    this.owner = owner;
    this.name = name;
  }

  /** A request with a number of its own. */
  request(limit = 1, queues: readonly string[] = ['default']): ClaimRequest {
    return { owner: this.owner, worker: this.name, queues, limit, claimNumber: ++this.#claims };
  }

  claim(limit = 1, queues: readonly string[] = ['default']): Promise<ClaimResult> {
    return this.#store().claim(this.request(limit, queues));
  }

  /** The one run that there is to claim. */
  async claimed(queues: readonly string[] = ['default']): Promise<ClaimedRun> {
    const [first, ...others] = (await this.claim(250, queues)).claimed;
    if (first === undefined || others.length > 0) throw new Error(`claimed ${others.length + (first ? 1 : 0)}, not 1`);
    return first;
  }

  async claimedIds(limit = 250, queues: readonly string[] = ['default']): Promise<RunId[]> {
    return (await this.claim(limit, queues)).claimed.map(({ run }) => run);
  }

  async finish(held: Held, outcome: Outcome = SUCCEEDED, fields: Partial<Ended> = {}): Promise<FinishResult> {
    const { results } = await this.#store().finish(this.owner, [ended(held, outcome, fields)], null);
    return results[0] ?? 'lost';
  }

  /** A failure that is retried then. */
  retry(held: Held, retryAt: Instant): Promise<FinishResult> {
    return this.finish(held, EXIT_1, { retryAt });
  }

  async renew(held: Held): Promise<RenewResult> {
    const [result] = await this.#store().renew(this.owner, [bare(held)]);
    return result ?? 'lost';
  }

  async release(held: Held): Promise<FinishResult> {
    const [result] = await this.#store().release(this.owner, [bare(held)]);
    return result ?? 'lost';
  }

  async append(held: Held, offset: number, ...frames: Frame[]): Promise<AppendResult> {
    const [result] = await this.#store().appendOutput(this.owner, [{ ...bare(held), offset, frames }]);
    return result ?? 'lost';
  }

  heartbeat(fields: Partial<WorkerInfo> = {}): Promise<'ok' | 'drain'> {
    return this.#store().heartbeat({
      id: this.owner,
      name: this.name,
      host: 'host.example',
      pid: 4711,
      instance: { bootId: null, pidNamespace: null, startedTicks: null },
      version: '0.1.0',
      queues: ['default'],
      concurrency: 16,
      running: 0,
      state: 'active',
      ...fields,
    });
  }
}

/** The end of an attempt, as a worker tells it. */
export function ended(held: Held, outcome: Outcome, fields: Partial<Ended> = {}): Ended {
  return {
    ...bare(held),
    outcome,
    retryAt: null,
    durationMs: 1_000,
    leftRunning: 0,
    endedAgoMs: 0,
    output: null,
    ...fields,
  };
}

function bare({ run, fence }: Held): Held {
  return { run, fence };
}
