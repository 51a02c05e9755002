/**
 * Items of one call, all or nothing for each.
 *
 * They share a savepoint, which costs next to nothing. Only when one throws are they done again, each in a savepoint of
 * its own, so that it fails alone.
 */
import { TransactionEffects } from './effects.ts';
import { isEngineTrouble } from '../file/engine-error.ts';
import type { Transaction } from './transaction.ts';

/**
 * @param failed what an item answers that threw: nothing of it was written, and its error is reported.
 * @throws what is the engine's trouble, and no item's.
 */
export function each<Item, Result>(
  tx: Transaction,
  items: readonly Item[],
  operate: (tx: Transaction, item: Item) => Result,
  failed: (error: unknown) => Result,
): Result[] {
  try {
    return apart(tx, (own) => items.map((item) => operate(own, item)));
  } catch (error) {
    if (isEngineTrouble(error)) throw error;
    return items.map((item) => alone(tx, item, operate, failed));
  }
}

function alone<Item, Result>(
  tx: Transaction,
  item: Item,
  operate: (tx: Transaction, item: Item) => Result,
  failed: (error: unknown) => Result,
): Result {
  try {
    return apart(tx, (own) => operate(own, item));
  } catch (error) {
    if (isEngineTrouble(error)) throw error;
    tx.report(error);
    return failed(error);
  }
}

/** What throws leaves neither rows nor effects. */
function apart<Result>(tx: Transaction, operate: (tx: Transaction) => Result): Result {
  const effects = new TransactionEffects(tx.effects.before);
  tx.sql.run('SAVEPOINT items');
  try {
    const result = operate({ ...tx, effects });
    tx.sql.run('RELEASE items');
    tx.effects.add(effects);
    return result;
  } catch (error) {
    // SQLite ends the whole transaction by itself when the disk is full or fails.
    if (!isEngineTrouble(error)) {
      tx.sql.run('ROLLBACK TO items');
      tx.sql.run('RELEASE items');
    }
    throw error;
  }
}
