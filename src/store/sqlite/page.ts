/** Pages of rows that can be had one by one: only those that are looked at are read. */
import { PageBuilder, type Listed, type Order } from '../page.ts';
import type { Page } from '../views.ts';

/** Takes from `rows`, the newest first, those that match. */
export function toPage<Row>(
  rows: Iterable<Listed<Row | null>>,
  order: Order,
  limit: number,
  matches: (row: Row) => boolean,
): Page<Row> {
  const page = new PageBuilder(order, limit, matches);
  for (const listed of rows) {
    page.look(listed);
    if (page.isFull) break;
  }
  return page.build();
}
