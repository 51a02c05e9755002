/**
 * The rows of a list, newest first, as far as they were scrolled to. When something changes only the newest are fetched
 * anew and put in front of the rest; what changed further down is fetched one by one, while it is little.
 *
 *   loading ──► fresh ⇄ refreshing        loading ──► failed (error, no rows)
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { PageQuery } from '../api/jobs.ts';
import { ApiError } from '../api/request.ts';
import { awaySince, onChange, type Change } from '../live/live.ts';
import { joinRows, PAGE_ROWS, type Identified } from './join-rows.ts';

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

export interface RowSource<Row extends Identified> {
  readonly page: (page: PageQuery) => Promise<RowPage<Row>>;
  /** One row anew. It throws when it is gone. */
  readonly one: (id: string, signal: AbortSignal) => Promise<Row>;
  /** The row that a change is about; null when it is about none. */
  readonly rowOf: (change: Change) => string | null;
}

export interface RowList<Row extends Identified> {
  /** Null before the first answer. */
  readonly rows: ReadonlySignal<readonly Row[] | null>;
  /** Whether there are more on the server. */
  readonly more: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<ApiError | null>;
  /** Fetches the newest again. */
  readonly refresh: () => void;
  /** Fetches the next page, unless it is being fetched. */
  readonly loadMore: () => void;
}

/** So many rows further down are fetched one by one; more are left as they are until one looks again. */
const MOST_SINGLE = 20;
/** A filtered page may be empty and still not the last: so many are asked for in a row. */
const MOST_EMPTY_PAGES = 20;
/** At most so often are the newest fetched anew, however fast they change. */
const REST_MS = 500;
const RETRY_MS = 3_000;

/** A list for as long as the component is shown. @param key what it is of: another key is another list. */
export function useRowList<Row extends Identified>(key: string, source: RowSource<Row>): RowList<Row> {
  const list = useMemo(() => new LiveRows(source), [key]);
  useEffect(() => list.start(), [list]);
  return list;
}

export class LiveRows<Row extends Identified> implements RowList<Row> {
  readonly rows = signal<readonly Row[] | null>(null);
  readonly more = signal(false);
  readonly error = signal<ApiError | null>(null);
  readonly #source: RowSource<Row>;
  readonly #listen: typeof onChange;
  #cursor: string | null = null;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refreshing = false;
  #loadingMore = false;
  /** Rows further down that changed meanwhile. */
  readonly #changed = new Set<string>();

  /** @param listen tells of changes until it is told to stop. */
  constructor(source: RowSource<Row>, listen: typeof onChange = onChange) {
    this.#source = source;
    this.#listen = listen;
  }

  start(): () => void {
    this.#abort = new AbortController();
    void this.#refresh();
    const unsubscribe = this.#listen((changes) => this.#hear(changes));
    const retrying = setInterval(() => {
      if (this.error.value !== null && awaySince.value === null && isPassing(this.error.value)) this.refresh();
    }, RETRY_MS);
    return () => {
      unsubscribe();
      clearInterval(retrying);
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#abort.abort();
    };
  }

  readonly refresh = (): void => this.#schedule(0);

  readonly loadMore = (): void => {
    if (this.#loadingMore || this.#cursor === null) return;
    this.#loadingMore = true;
    void this.#attempt(async (signal) => {
      const [page, old] = await this.#readNext(signal);
      const known = new Set(old.map(({ id }) => id));
      this.#show([...old, ...page.rows.filter(({ id }) => !known.has(id))], page.next);
    }).finally(() => (this.#loadingMore = false));
  };

  #hear(changes: readonly Change[] | null): void {
    const ids = changes?.flatMap((change) => this.#source.rowOf(change) ?? []) ?? [];
    for (const id of ids) this.#changed.add(id);
    if (changes === null || ids.length > 0) this.#schedule(REST_MS);
  }

  #schedule(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // One at a time: what changes meanwhile is looked at afterwards.
      if (this.#refreshing) this.#schedule(REST_MS);
      else void this.#refresh();
    }, delay);
  }

  async #refresh(): Promise<void> {
    this.#refreshing = true;
    const changed = [...this.#changed];
    this.#changed.clear();
    await this.#attempt(async (signal) => {
      const head = await this.#readPage(null, signal);
      const join = (): readonly Row[] | null =>
        head.next === null ? null : joinRows(head.rows, this.rows.value ?? []);
      const loaded = join() ?? [];
      const below = changed.filter((id) => isBelow(id, head.rows, loaded)).slice(0, MOST_SINGLE);
      const single = await this.#readSingle(below, signal);
      // Joined again: the next page may have come meanwhile.
      const joined = join();
      if (joined === null) this.#show(head.rows, head.next);
      else this.#show(replaced(joined, single), this.#cursor);
    });
    this.#refreshing = false;
  }

  /** The page after the rows that are there by then, and these rows: while it is fetched, others may have taken their place. */
  async #readNext(signal: AbortSignal): Promise<[RowPage<Row>, readonly Row[]]> {
    for (;;) {
      const cursor = this.#cursor;
      const page = cursor === null ? { rows: [], next: null } : await this.#readPage(cursor, signal);
      if (cursor === this.#cursor) return [page, this.rows.value ?? []];
    }
  }

  /** Row by its id; null for one that is gone. */
  async #readSingle(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Row | null>> {
    const read = async (id: string): Promise<[string, Row | null]> => {
      try {
        return [id, await this.#source.one(id, signal)];
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [id, null];
        throw error;
      }
    };
    return new Map(await Promise.all(ids.map(read)));
  }

  async #readPage(from: string | null, signal: AbortSignal): Promise<RowPage<Row>> {
    let cursor = from;
    const rows: Row[] = [];
    for (let pages = 0; pages < MOST_EMPTY_PAGES; pages++) {
      const page: RowPage<Row> = await this.#source.page({ limit: PAGE_ROWS - rows.length, cursor, signal });
      rows.push(...page.rows);
      cursor = page.next;
      if (cursor === null || rows.length >= PAGE_ROWS) break;
    }
    return { rows, next: cursor };
  }

  #show(rows: readonly Row[], next: string | null): void {
    this.#cursor = next;
    this.more.value = next !== null;
    this.rows.value = rows;
  }

  async #attempt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    try {
      await work(signal);
      if (!signal.aborted) this.error.value = null;
    } catch (cause) {
      if (signal.aborted) return;
      if (!(cause instanceof ApiError)) throw cause;
      this.error.value = cause;
    }
  }
}

const isBelow = (id: string, head: readonly Identified[], all: readonly Identified[]): boolean =>
  !head.some((row) => row.id === id) && all.some((row) => row.id === id);

function replaced<Row extends Identified>(rows: readonly Row[], news: ReadonlyMap<string, Row | null>): readonly Row[] {
  if (news.size === 0) return rows;
  return rows.flatMap((row) => {
    const fresh = news.get(row.id);
    return fresh === undefined ? row : (fresh ?? []);
  });
}

/** Whether it may go away by itself. */
const isPassing = ({ status }: ApiError): boolean => status === 0 || status >= 500;
