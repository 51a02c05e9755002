/** Pages of rows that come in chunks, a round trip or two each. */
import { MOST_LOOKED_AT, PageBuilder, type Listed, type Order } from '../page.ts';
import type { Page } from '../views.ts';
import { list } from './link/reply.ts';

/** By how much chunks grow: when one had too few that match, the next ones will have few as well. */
const GROWTH = 5;

/**
 * Takes from what `read` gives, the newest first, what matches.
 *
 * @param read at most so many rows beyond a place, newest first; fewer only when there are no more.
 */
export async function toPage<Row>(
  read: (position: number, count: number) => Promise<readonly Listed<Row | null>[]>,
  { order, position, limit }: { readonly order: Order; readonly position: number; readonly limit: number },
  matches: (row: Row) => boolean,
): Promise<Page<Row>> {
  const page = new PageBuilder(order, limit, matches);
  let [from, count, left] = [position, Math.min(limit, MOST_LOOKED_AT), MOST_LOOKED_AT];
  while (!page.isFull) {
    const chunk = await read(from, count);
    for (const listed of chunk) {
      if (page.isFull) break;
      page.look(listed);
      from = listed.position;
    }
    if (chunk.length < count) break;
    left -= count;
    count = Math.min(left, GROWTH * count);
  }
  return page.build();
}

/** Members and scores in turn, as Redis answers WITHSCORES; what they are ordered by is the score. */
export function placesOf(reply: unknown): Listed<string>[] {
  const flat = list(reply);
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    position: Number(flat[2 * index + 1]),
    row: String(flat[2 * index]),
  }));
}
