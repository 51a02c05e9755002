/** `GET /api/runs/:ref/output`: what a run wrote, and with `follow` what it writes. */
import { findRun, type FoundRun } from '../lookup.ts';
import { encodeLine } from '../output/frames.ts';
import { readPieces, type Piece, type ReadRequest } from '../output/read-attempt.ts';
import { chosenAttempt } from '../output/chosen-attempt.ts';
import { createTextEncoder } from '../output/text.ts';
import { writeAll } from '../output/write.ts';
import type { Reply } from '../reply/reply.ts';
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
        headers: ['X-Accel-Buffering'],
        schema: z
          .string()
          .describe('The bytes. Lines of JSON, as `application/x-ndjson`, with `format=frames`: see OutputLine.'),
      },
    },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'too_many_requests', 'shutting_down'],
  },
  query: outputQuery,
  handle: async (request) => {
    const found = await findRun(request.app.store, request.params['ref']);
    return streamOutput(request, toReadRequest(found, request.query));
  },
});

function toReadRequest({ run, attempts }: FoundRun, query: OutputQuery): ReadRequest {
  return {
    run,
    attempt: chosenAttempt({ run, attempts }, query.attempt),
    only: query.attempt !== undefined,
    offset: query.offset ?? 0,
    stream: query.stream ?? null,
    follow: query.follow ?? false,
  };
}

function streamOutput({ app, query }: ApiRequest<OutputQuery>, request: ReadRequest): Reply {
  const asFrames = query.format === 'frames';
  const encode = asFrames ? encodeLine : createTextEncoder();
  return {
    kind: 'stream',
    headers: {
      'Content-Type': asFrames ? 'application/x-ndjson' : 'text/plain; charset=utf-8',
      'X-Accel-Buffering': 'no',
    },
    admit: request.follow ? () => app.streams.open('output') : null,
    open: async () => ({
      write: (response, gone) => writeAll(response, encodeAll(readPieces(app, request, gone), encode), gone),
      close: () => undefined,
    }),
  };
}

async function* encodeAll(
  pieces: AsyncIterable<Piece>,
  encode: (piece: Piece) => Uint8Array | null,
): AsyncGenerator<Uint8Array | null> {
  for await (const piece of pieces) yield encode(piece);
}
