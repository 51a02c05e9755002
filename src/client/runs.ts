/** Runs: found, watched, ended, run again. A `ref` is a run's id, or `nightly#42`. */
import { bulkSteps } from './bulk.ts';
import { keyed } from './keyed.ts';
import { followFrames, readFrames, type FollowRange, type OutputEvent, type OutputRange } from './output.ts';
import { allRows, type Page } from './pages.ts';
import { path, withQuery } from './path.ts';
import type { Transport } from './transport.ts';
import type { BulkRunsBody, BulkRunsOutcome } from '../http/schema/bulk.ts';
import type { TriggerBody } from '../http/schema/job-body.ts';
import type { FirstErrorView, LineList, LineMatches, NumberedLineView } from '../http/schema/output.ts';
import type { FirstErrorQuery, LinesQuery, RunListQuery, SearchQuery } from '../http/schema/query.ts';
import type { RunDetail, RunList, RunView } from '../http/schema/run-view.ts';

export type LineSearch = Omit<SearchQuery, 'q' | 'limit'>;
export type RunFilter = Omit<RunListQuery, 'cursor'>;

export interface RunsClient {
  get(ref: string): Promise<RunDetail>;
  /** One page, newest first. */
  list(query?: RunListQuery): Promise<Page<RunView>>;
  /** All of them; `limit` is the size of a page. */
  all(filter?: RunFilter): AsyncIterable<RunView>;
  /** A pending run ends at once; the worker of a running one is asked to end it. @throws `run_finished`. */
  cancel(ref: string): Promise<RunView>;
  /**
   * A new run of the same job; with `changes` it is one of a new once job, made of the version that the run executed.
   *
   * @throws `run_not_finished`, `overlap` unless forced.
   */
  retry(ref: string, options?: TriggerBody): Promise<RunView>;
  /** Lines by their numbers, anywhere in an output of any length. */
  lines(ref: string, query?: LinesQuery): Promise<LineList>;
  /** The lines that have a text in them, in their order. The next ones are looked for when they are wanted. */
  search(ref: string, text: string, options?: LineSearch): AsyncIterable<NumberedLineView>;
  /** The first line with a word for an error in it, else the first on stderr; null where there is neither. */
  firstError(ref: string, query?: Omit<FirstErrorQuery, 'from'>): Promise<NumberedLineView | null>;
  /** One action on many, a request at a time: about 1,000 runs each. Leaving the loop leaves the rest as it is. */
  bulk(body: BulkRunsBody): AsyncIterable<BulkRunsOutcome>;
  /** The bytes that an attempt wrote, both streams in order unless one is asked for. */
  output(ref: string, range?: OutputRange): AsyncIterable<Buffer>;
  /** The same with streams, times and gaps told apart. The last event is `end`. */
  frames(ref: string, range?: OutputRange): AsyncIterable<OutputEvent>;
  /**
   * Output as it is written, of this attempt and those after it, until the run has ended. Takes a lost connection up
   * again where it broke, for about 30 s unless `untilBack` is given.
   */
  follow(ref: string, range?: FollowRange): AsyncIterable<OutputEvent>;
}

export function runsClient(transport: Transport): RunsClient {
  const list = async (query: RunListQuery = {}): Promise<Page<RunView>> => {
    const page = await transport.json<RunList>({ method: 'GET', path: withQuery('/api/runs', { ...query }) });
    return { rows: page.runs, next: page.next_cursor };
  };
  return {
    get: (ref) => transport.json({ method: 'GET', path: path`/api/runs/${ref}` }),
    list,
    all: (filter = {}) => allRows((cursor) => list(cursor === undefined ? filter : { ...filter, cursor })),
    cancel: (ref) => transport.json({ method: 'POST', path: path`/api/runs/${ref}/cancel`, body: {} }),
    retry: (ref, options = {}) =>
      transport.json({ method: 'POST', path: path`/api/runs/${ref}/retry`, body: options, ...keyed() }),
    lines: (ref, query = {}) =>
      transport.json({ method: 'GET', path: withQuery(path`/api/runs/${ref}/output/lines`, { ...query }) }),
    search: (ref, text, options = {}) => searchLines(transport, ref, { ...options, q: text }),
    firstError: (ref, query = {}) => findFirstError(transport, ref, query),
    bulk: (body) => bulkSteps(transport, '/api/runs/bulk', body),
    output: (ref, range = {}) => readText(transport, ref, range),
    frames: (ref, range = {}) => readFrames(transport, ref, range, false),
    follow: (ref, range = {}) => followFrames(transport, ref, range),
  };
}

async function* searchLines(transport: Transport, ref: string, query: SearchQuery): AsyncGenerator<NumberedLineView> {
  let from: string | null | undefined = query.from;
  do {
    const to = withQuery(path`/api/runs/${ref}/output/search`, { ...query, from });
    const { matches, next }: LineMatches = await transport.json({ method: 'GET', path: to });
    yield* matches;
    from = next;
  } while (from !== null);
}

async function findFirstError(
  transport: Transport,
  ref: string,
  query: FirstErrorQuery,
): Promise<NumberedLineView | null> {
  let stderr: NumberedLineView | null = null;
  let from: string | undefined;
  for (;;) {
    const to = withQuery(path`/api/runs/${ref}/output/first-error`, { ...query, from });
    const found: FirstErrorView = await transport.json({ method: 'GET', path: to });
    stderr ??= found.stderr;
    if (found.error !== null || found.next === null) return found.error ?? stderr;
    from = found.next;
  }
}

async function* readText(transport: Transport, ref: string, range: OutputRange): AsyncGenerator<Buffer> {
  const { signal, ...query } = range;
  const to = withQuery(path`/api/runs/${ref}/output`, query);
  const { body } = await transport.stream({ method: 'GET', path: to, signal }, 0);
  yield* body;
}
