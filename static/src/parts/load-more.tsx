/** The end of a list of which the server has more. */
import type { JSX } from 'preact';
import type { Pages } from '../pages.ts';
import { plural } from '../format/size.ts';

interface Props<Row> {
  readonly pages: Pages<Row>;
  /** One of them, as `run`. */
  readonly noun: string;
}

export function LoadMore<Row>({ pages, noun }: Props<Row>): JSX.Element | null {
  const list = pages.value.value;
  if (list === null || !list.more) return null;
  return (
    <div class="load-more">
      <span class="quiet">The newest {plural(list.rows.length, noun)} are shown.</span>
      <button type="button" aria-disabled={pages.loadingMore.value} onClick={pages.loadMore}>
        {pages.loadingMore.value ? 'Loading…' : 'Load more'}
      </button>
    </div>
  );
}
