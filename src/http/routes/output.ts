/** `GET /api/runs/:ref/output`: what a run wrote, and with `follow` what it writes. */
import { JobschedError } from '../../errors.ts';
import type { App } from '../app.ts';
import { findRun, type FoundRun } from '../lookup.ts';
import { encodeLine } from '../output/frames.ts';
import { readPieces, type Piece, type ReadRequest } from '../output/read-attempt.ts';
import { chosenAttempt } from '../output/chosen-attempt.ts';
import { encodePart, encodeText } from '../output/part.ts';
import { createTextEncoder, createTimedEncoder, type Encode } from '../output/text.ts';
import { TextIndex, type TextPlace } from '../output/text-index.ts';
import { writeAll } from '../output/write.ts';
import { toProblem } from '../reply/problem.ts';
import { json, type Reply } from '../reply/reply.ts';
import { askedRange, withinLength } from '../request/range.ts';
import { route, type ApiRequest } from './route.ts';
import { outputQuery, type OutputQuery } from '../schema/query.ts';
import { z } from 'zod';

export const getOutput = route({
  method: 'GET',
  path: '/api/runs/:ref/output',
  access: 'viewer',
  doc: {
    id: 'getOutput',
    tag: 'runs',
    summary: 'Read what a run wrote',
    description:
      'As text it is what the command wrote, byte for byte, both streams in the order written; a line ' +
      '`[jobsched: …]` stands where bytes are missing that were not kept. With `follow` the response goes on until the run ' +
      'has ended: when an attempt fails and another follows, a line `[jobsched: attempt 2]` stands between them. With ' +
      '`attempt` only that one is followed. `format=frames` gives one JSON object a line; its last one, `end`, tells ' +
      'where to read on after a lost connection.',
    responses: {
      200: {
        description: 'The output.',
        mediaType: ['text/plain; charset=utf-8', 'application/x-ndjson'],
        headers: ['X-Accel-Buffering', 'Accept-Ranges', 'ETag'],
        schema: z
          .string()
          .describe('The bytes. Lines of JSON, as `application/x-ndjson`, with `format=frames`: see OutputLine.'),
      },
      206: {
        description: 'The bytes that `Range` asked for.',
        mediaType: 'text/plain; charset=utf-8',
        headers: ['X-Accel-Buffering', 'Accept-Ranges', 'ETag', 'Content-Range'],
        schema: z.string().describe('These bytes. `Content-Range` tells which, and of how many.'),
      },
      416: { description: 'There are none of the bytes that `Range` asked for.', headers: ['Content-Range'] },
    },
    headers: {
      Range: 'One range of bytes, of the text of an attempt that has ended, with neither `follow` nor `timestamps`.',
      'If-Range': 'The `ETag` of the text that one has the beginning of: with another one comes all of it.',
    },
    errors: [
      'invalid_request',
      'not_found',
      'ambiguous',
      'range_not_satisfiable',
      'too_many_requests',
      'shutting_down',
    ],
  },
  query: outputQuery,
  handle: async (request) => {
    const found = await findRun(request.app.store, request.params['ref']);
    const whole = wholeOf(found, request.query);
    return whole === null ? streamOutput(request, toReadRequest(found, request.query)) : sendWhole(request, whole);
  },
});

function toReadRequest({ run, attempts }: FoundRun, query: OutputQuery): ReadRequest {
  // Whoever follows from the first one on may come before it has begun.
  const isToCome = query.follow === true && query.from_attempt === 1 && attempts.length === 0;
  return {
    run,
    attempt: chosenAttempt({ run, attempts }, query.attempt ?? (isToCome ? undefined : query.from_attempt)),
    only: query.attempt !== undefined,
    offset: query.offset ?? 0,
    stream: query.stream ?? null,
    follow: query.follow ?? false,
  };
}

/** What has ended, and is sent as it was written, does not change any more: parts of it can be asked for. */
function wholeOf(found: FoundRun, query: OutputQuery): WholeText | null {
  if (query.format === 'frames' || query.follow === true || query.timestamps === true) return null;
  const request = toReadRequest(found, query);
  const attempt = found.attempts.find(({ number }) => number === request.attempt);
  if (attempt?.finishedAt == null) return null;
  const { outputBytes: total, outputDropped: dropped } = attempt;
  const { run, stream, offset } = request;
  return {
    request: { ...request, offset: Math.min(offset, total) },
    isVerbatim: dropped === 0 && stream === null,
    total,
    etag: `"${run.id}.${request.attempt}.${total - dropped}.${stream ?? 'both'}.${offset}"`,
  };
}

interface WholeText {
  readonly request: ReadRequest;
  /** Whether what is sent is what was written, from its first byte to its last: then a place in the one is one in the other. */
  readonly isVerbatim: boolean;
  /** How many bytes were written. */
  readonly total: number;
  readonly etag: string;
}

async function sendWhole(request: ApiRequest<OutputQuery>, whole: WholeText): Promise<Reply> {
  const { app, headers, requestId, requireListener } = request;
  const common = { ...TEXT, 'Accept-Ranges': 'bytes', ETag: whole.etag };
  const asked = askedRange(headers, whole.etag);
  if (asked === null) return stream(common, null, (gone) => encodeText(app, whole.request, gone));
  const { length, placeBefore } = whole.isVerbatim ? verbatim(whole) : await indexed(app, whole, requireListener);
  const range = withinLength(asked, length);
  if (range === null) return notSatisfiable(length, requestId);
  const told = { ...common, 'Content-Range': `bytes ${range.first}-${range.last}/${length}` };
  const part = { request: whole.request, place: placeBefore(range.first), range };
  return { ...stream(told, null, (gone) => encodePart(app, part, gone)), status: 206 };
}

/** What is to be known of a text to find a part of it. */
interface Extent {
  readonly length: number;
  readonly placeBefore: (at: number) => TextPlace;
}

function verbatim({ request: { offset }, total }: WholeText): Extent {
  return { length: total - offset, placeBefore: (at) => ({ at, offset: offset + at, openLine: false }) };
}

async function indexed(app: App, { etag, request }: WholeText, requireListener: () => void): Promise<Extent> {
  const index = app.texts.of(etag, () => new TextIndex(app.store, request));
  let length: number | null = null;
  while (length === null) {
    length = await index.extend();
    requireListener();
  }
  return { length, placeBefore: (at) => index.placeBefore(at) };
}

function notSatisfiable(length: number, requestId: string): Reply {
  const error = new JobschedError('range_not_satisfiable', `the output has ${length} bytes, and none of those`, {
    field: 'Range',
  });
  const headers = { 'Content-Type': 'application/problem+json; charset=utf-8', 'Content-Range': `bytes */${length}` };
  return json(416, toProblem(error, requestId), headers);
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Accel-Buffering': 'no' } as const;

function streamOutput({ app, query, openStream }: ApiRequest<OutputQuery>, request: ReadRequest): Reply {
  const asFrames = query.format === 'frames';
  const encode = asFrames ? encodeLine : query.timestamps === true ? createTimedEncoder() : createTextEncoder();
  const headers = asFrames ? { ...TEXT, 'Content-Type': 'application/x-ndjson' } : TEXT;
  const admit = request.follow ? () => openStream('output') : null;
  return stream(headers, admit, (gone) => encodeAll(readPieces(app, request, gone), encode));
}

type StreamReply = Extract<Reply, { kind: 'stream' }>;

function stream(
  headers: StreamReply['headers'],
  admit: StreamReply['admit'],
  bytes: (gone: AbortSignal) => AsyncIterable<Uint8Array | null>,
): StreamReply {
  return {
    kind: 'stream',
    headers,
    admit,
    open: async () => ({ write: (response, gone) => writeAll(response, bytes(gone), gone), close: () => undefined }),
  };
}

async function* encodeAll(pieces: AsyncIterable<Piece>, encode: Encode): AsyncGenerator<Uint8Array | null> {
  for await (const piece of pieces) yield encode(piece);
}
