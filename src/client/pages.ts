/** A list that comes in pages, as one. */

/** One page of rows, and where it goes on. */
export interface Page<Row> {
  /** May be shorter than asked and still have a `next`. */
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** All rows, newest first; a page is asked for when its first row is wanted. */
export async function* allRows<Row>(page: (cursor: string | undefined) => Promise<Page<Row>>): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const { rows, next } = await page(cursor);
    yield* rows;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}
