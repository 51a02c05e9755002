/**
 * One step of a random history: a call of the contract, or time passing. Plain data, so that a failing history can be
 * read, shrunk, and played again. Numbers pick among what there is at that moment, whatever that is.
 */
import fc from 'fast-check';
import { OVERLAPS, type Overlap } from '../../../src/domain/overlap.ts';

export type Step =
  | { readonly kind: 'createOnce'; readonly delay: number | null; readonly fields: StepFields }
  | { readonly kind: 'createCron'; readonly fields: StepFields }
  /** Ticks, and fires what is due. `plan`: which of the overdue slots run; the others are misfires. */
  | { readonly kind: 'fireDue'; readonly plan: 'all' | 'latest' | 'none'; readonly jitter: number }
  /** Sends an old firing again. */
  | { readonly kind: 'fireAgain'; readonly firing: number }
  | { readonly kind: 'trigger'; readonly job: number; readonly force: boolean }
  | { readonly kind: 'claim'; readonly worker: number; readonly limit: number }
  | { readonly kind: 'finish'; readonly held: number; readonly how: Ending; readonly claims: boolean }
  | { readonly kind: 'renew'; readonly worker: number }
  | { readonly kind: 'release'; readonly held: number }
  /** Acts on a claim under another owner's name. */
  | {
      readonly kind: 'intrude';
      readonly held: number;
      readonly worker: number;
      readonly how: 'finish' | 'renew' | 'release';
    }
  | { readonly kind: 'append'; readonly held: number; readonly bytes: number }
  | { readonly kind: 'cancel'; readonly run: number }
  | { readonly kind: 'pause' | 'resume' | 'update'; readonly job: number }
  | { readonly kind: 'delete'; readonly job: number; readonly force: boolean }
  | { readonly kind: 'abandon'; readonly worker: number }
  | { readonly kind: 'heartbeat'; readonly worker: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'tick' }
  /** A tick each second, so that leases lapse and are decided. */
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'trim'; readonly outputBudgetBytes: number };

export type Ending = 'succeed' | 'exit' | 'retryNow' | 'drained' | 'cancelled';

export interface StepFields {
  readonly overlap: Overlap;
  readonly retries: number;
  readonly priority: number;
  readonly lostAfterSeconds: number;
  readonly onLost: 'retry' | 'fail' | null;
  readonly keepRuns: number;
  readonly lateAfterSeconds: number | null;
}

const index = fc.nat(50);
const fields: fc.Arbitrary<StepFields> = fc.record({
  overlap: fc.constantFrom(...OVERLAPS),
  retries: fc.nat(2),
  priority: fc.integer({ min: -1, max: 1 }),
  lostAfterSeconds: fc.constantFrom(0, 5),
  onLost: fc.constantFrom('retry', 'fail', null),
  keepRuns: fc.constantFrom(0, 1, 100),
  lateAfterSeconds: fc.constantFrom(null, 1, 10),
});

function step<Kind extends Step['kind']>(
  weight: number,
  kind: Kind,
  rest: Record<string, fc.Arbitrary<unknown>> = {},
): { weight: number; arbitrary: fc.Arbitrary<Step> } {
  return {
    weight,
    arbitrary: fc.record({ kind: fc.constant(kind), ...rest }) as fc.Arbitrary<unknown> as fc.Arbitrary<Step>,
  };
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  step(2, 'createOnce', { delay: fc.option(fc.integer({ min: -5_000, max: 20_000 })), fields }),
  step(3, 'createCron', { fields }),
  step(6, 'fireDue', { plan: fc.constantFrom('all', 'latest', 'none'), jitter: fc.constantFrom(0, 0, 3_000) }),
  step(1, 'fireAgain', { firing: index }),
  step(3, 'trigger', { job: index, force: fc.boolean() }),
  step(6, 'claim', { worker: index, limit: fc.integer({ min: 1, max: 4 }) }),
  step(8, 'finish', {
    held: index,
    how: fc.constantFrom('succeed', 'exit', 'retryNow', 'drained', 'cancelled'),
    claims: fc.boolean(),
  }),
  step(2, 'renew', { worker: index }),
  step(2, 'release', { held: index }),
  step(1, 'intrude', { held: index, worker: index, how: fc.constantFrom('finish', 'renew', 'release') }),
  step(1, 'append', { held: index, bytes: fc.integer({ min: 1, max: 3_000 }) }),
  step(3, 'cancel', { run: index }),
  step(1, 'pause', { job: index }),
  step(1, 'resume', { job: index }),
  step(1, 'update', { job: index }),
  step(1, 'delete', { job: index, force: fc.boolean() }),
  step(1, 'abandon', { worker: index }),
  step(1, 'heartbeat', { worker: index }),
  step(6, 'advance', { ms: fc.integer({ min: -2_000, max: 15_000 }) }),
  step(3, 'tick'),
  step(1, 'pass', { seconds: fc.integer({ min: 1, max: 40 }) }),
  step(1, 'trim', { outputBudgetBytes: fc.constantFrom(0, 5_000, 1e9) }),
);

/** A history begins with a job of each kind, so that its steps have something to act on. */
export const histories: fc.Arbitrary<Step[]> = fc
  .tuple(fields, fields, fc.array(steps, { minLength: 5, maxLength: 60, size: 'max' }))
  .map(([once, cron, rest]) =>
    rest.toSpliced(0, 0, { kind: 'createOnce', delay: null, fields: once }, { kind: 'createCron', fields: cron }),
  );
