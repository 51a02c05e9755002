/** `GET /api/runs/:ref/output/lines`, `…/search` and `…/first-error`: the output as numbered lines. */
import type { Stream } from '../../domain/output/frame.ts';
import { isFinal } from '../../domain/run-state.ts';
import { findRun, type FoundRun } from '../lookup.ts';
import { chosenAttempt } from '../output/chosen-attempt.ts';
import { findFirstError } from '../output/first-error.ts';
import { linesAt, matcher, searchLines } from '../output/find-lines.ts';
import type { LineIndex } from '../output/line-index.ts';
import { toLineView } from '../output/line-view.ts';
import type { LinesOf, Place } from '../output/read-lines.ts';
import { json } from '../reply/reply.ts';
import { route, type ApiRequest } from './route.ts';
import {
  firstError,
  lineList,
  lineMatches,
  type FirstErrorView,
  type LineList,
  type LineMatches,
} from '../schema/output.ts';
import { firstErrorQuery, linesQuery, searchQuery } from '../schema/query.ts';
import { DEFAULT_LIMIT } from './jobs.ts';

const DEFAULT_COUNT = 200;

export const getLines = route({
  method: 'GET',
  path: '/api/runs/:ref/output/lines',
  access: 'viewer',
  doc: {
    id: 'getOutputLines',
    tag: 'runs',
    summary: 'Read lines of the output by their numbers',
    description:
      'Any line of an output of any length, in the time of one page. A word of the other stream ends a line that was left ' +
      'open. What is missing since it was not kept counts as one line; while a running attempt goes on to lose more, the ' +
      'lines behind that get new numbers.',
    responses: { 200: { description: 'The lines.', schema: lineList } },
    errors: ['invalid_request', 'not_found', 'ambiguous'],
  },
  query: linesQuery,
  handle: async ({ app, params, query }) => {
    const { attempt, stream = null, from = 1, count = DEFAULT_COUNT } = query;
    const found = await findRun(app.store, params['ref']);
    const asked = { app, found, attempt: chosenAttempt(found, attempt), stream };
    if (asked.attempt === 0) return json(200, { ...nothing(found), lines: [] } satisfies LineList);
    const { of, index, dropped } = linesOf(asked);
    const { lines: total, complete, ended } = await index.extend();
    const lines = from > total ? [] : await linesAt({ store: app.store, index }, of, { from, count });
    return json(200, {
      attempt: of.attempt,
      lines: lines.map(toLineView),
      total: Math.max(total, lines.at(-1)?.number ?? 0),
      complete,
      ended,
      dropped,
    } satisfies LineList);
  },
});

export const searchOutput = route({
  method: 'GET',
  path: '/api/runs/:ref/output/search',
  access: 'viewer',
  doc: {
    id: 'searchOutput',
    tag: 'runs',
    summary: 'Find text in the output',
    description:
      'Plain text within a line. A request looks at up to 8 MiB of output: while `next` is not null, ask again with it as ' +
      '`from`, also when nothing was found.',
    responses: { 200: { description: 'The lines that have it.', schema: lineMatches } },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'shutting_down'],
  },
  query: searchQuery,
  handle: async ({ app, params, query, requireListener }) => {
    const { q, ignore_case: ignoreCase = false, attempt, stream = null, from = '1', limit = DEFAULT_LIMIT } = query;
    const found = await findRun(app.store, params['ref']);
    const asked = { app, found, attempt: chosenAttempt(found, attempt), stream };
    if (asked.attempt === 0) return json(200, { attempt: 0, matches: [], next: null } satisfies LineMatches);
    const { of, index } = linesOf(asked);
    const start = await startOf(index, from);
    const { matches, next } = await searchLines({ store: app.store, requireListener }, of, {
      ...start,
      limit,
      matches: matcher(q, ignoreCase),
    });
    return json(200, {
      attempt: of.attempt,
      matches: matches.map(toLineView),
      next: next && toNext(start, next),
    } satisfies LineMatches);
  },
});

export const getFirstError = route({
  method: 'GET',
  path: '/api/runs/:ref/output/first-error',
  access: 'viewer',
  doc: {
    id: 'getFirstError',
    tag: 'runs',
    summary: 'Find the first error in the output',
    description:
      'The first line with a word for an error in it, and the first on stderr, for outputs that have none. A request looks ' +
      'at up to 8 MiB of output: while `next` is not null, ask again with it as `from`.',
    responses: { 200: { description: 'The lines; null where there is none.', schema: firstError } },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'shutting_down'],
  },
  query: firstErrorQuery,
  handle: async ({ app, params, query, requireListener }) => {
    const found = await findRun(app.store, params['ref']);
    const asked = { app, found, attempt: chosenAttempt(found, query.attempt), stream: null };
    const none = { attempt: asked.attempt, error: null, stderr: null, next: null };
    if (asked.attempt === 0) return json(200, none satisfies FirstErrorView);
    const { of, index } = linesOf(asked);
    const start = await startOf(index, query.from ?? '1');
    const { error, stderr, next } = await findFirstError({ store: app.store, requireListener }, of, start);
    return json(200, {
      attempt: of.attempt,
      error: error && toLineView(error),
      stderr: stderr && toLineView(stderr),
      next: next && toNext(start, next),
    } satisfies FirstErrorView);
  },
});

interface Asked {
  readonly app: ApiRequest['app'];
  readonly found: FoundRun;
  readonly attempt: number;
  readonly stream: Stream | null;
}

interface AskedLines {
  readonly of: LinesOf;
  readonly index: LineIndex;
  /** How many bytes of the attempt are not kept. */
  readonly dropped: number;
}

function linesOf({ app, found, attempt, stream }: Asked): AskedLines {
  const of = { run: found.run.id, attempt, stream };
  const dropped = found.attempts.find(({ number }) => number === attempt)?.outputDropped ?? 0;
  return { of, index: app.lines.of(of, dropped), dropped };
}

/** Where reading begins, and the first line that is asked about, which may lie beyond. */
interface Start {
  readonly from: Place;
  readonly line: number;
}

/**
 * A number alone is looked up in the index, as far as that reaches; a place that a search told is taken as it is:
 * `<line>@<offset>`, or, while the line that was asked for lies beyond it, `<that line>@<offset>@<line>`.
 */
async function startOf(index: LineIndex, from: string): Promise<Start> {
  const [line = 1, offset, at = line] = from.split('@').map(Number);
  if (offset !== undefined) return { from: { line: at, offset }, line };
  if (line > 1) await index.extend();
  return { from: index.placeBefore(line), line };
}

function toNext({ line: wanted }: Start, { line, offset }: Place): string {
  return line >= wanted ? `${line}@${offset}` : `${wanted}@${offset}@${line}`;
}

function nothing({ run }: FoundRun): Omit<LineList, 'lines'> {
  return { attempt: 0, total: 0, complete: true, ended: isFinal(run.status), dropped: 0 };
}
