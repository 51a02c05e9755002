/** A list read page by page that stays fresh: what is shown is always the newest so-many rows. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { PageQuery } from './api/jobs.ts';
import type { Change } from './live/live.ts';
import { useResource, type Resource } from './resource.ts';

const PAGE_ROWS = 50;
const MOST_ROWS_A_REQUEST = 200;
/** A filtered page may be short and still not the last: so many are asked for in a row before a person asks for more. */
const MOST_REQUESTS = 8;

export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Whether there are more on the server. */
  readonly more: boolean;
}

export interface Pages<Row> extends Resource<Rows<Row>> {
  readonly loadMore: () => void;
  /** Whether more rows were asked for that are not there yet. */
  readonly loadingMore: ReadonlySignal<boolean>;
}

export type LoadPage<Row> = (
  page: PageQuery,
) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>;

export function usePages<Row>(key: string, load: LoadPage<Row>, concerns: (change: Change) => boolean): Pages<Row> {
  const wanted = useMemo(() => ({ rows: PAGE_ROWS, loading: signal(false) }), [key]);
  const loadRows = async (abort: AbortSignal): Promise<Rows<Row>> => {
    const rows = await readPages(load, wanted.rows, abort);
    wanted.loading.value = false;
    return rows;
  };
  const resource = useResource(key, loadRows, concerns);
  const loadMore = (): void => {
    wanted.rows += PAGE_ROWS;
    wanted.loading.value = true;
    resource.refresh();
  };
  return { ...resource, loadMore, loadingMore: wanted.loading };
}

async function readPages<Row>(load: LoadPage<Row>, wanted: number, signal: AbortSignal): Promise<Rows<Row>> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let requests = 0; requests < MOST_REQUESTS + wanted / MOST_ROWS_A_REQUEST; requests++) {
    const limit = Math.min(wanted - rows.length, MOST_ROWS_A_REQUEST);
    const page: Awaited<ReturnType<LoadPage<Row>>> = await load({ limit, cursor, signal });
    rows.push(...page.rows);
    cursor = page.next;
    if (cursor === null || rows.length >= wanted) break;
  }
  return { rows, more: cursor !== null };
}
