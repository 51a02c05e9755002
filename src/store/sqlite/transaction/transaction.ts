/** What an operation of the store works with. */
import type { Instant } from '../../../domain/instant.ts';
import type { TransactionEffects } from './effects.ts';
import type { Statements } from '../file/statements.ts';

/** For reading alone. */
export interface Reading {
  readonly sql: Statements;
  /** The engine's clock, held still for the operation. */
  readonly now: Instant;
  /** What the transaction under way did and has not written yet; absent where there is none. */
  readonly effects?: TransactionEffects;
}

export interface Transaction extends Reading {
  readonly effects: TransactionEffects;
  /** Takes the error of an item that fails alone, since its caller is not told of it otherwise. */
  readonly report: (fault: unknown) => void;
  /** The row number for the next run: rises, and is close to the time. */
  nextRunSeq(): number;
}
