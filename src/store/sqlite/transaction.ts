/** What an operation of the store works with. */
import type { Instant } from '../../domain/instant.ts';
import type { TransactionEffects } from './effects.ts';
import type { Statements } from './statements.ts';

/** For reading alone. */
export interface Reading {
  readonly sql: Statements;
  /** The engine's clock, held still for the operation. */
  readonly now: Instant;
}

export interface Transaction extends Reading {
  readonly effects: TransactionEffects;
  /** The row number for the next run: rises, and is close to the time. */
  nextRunSeq(): number;
}
