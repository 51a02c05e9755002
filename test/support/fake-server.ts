/** A server that answers as a test says, to see what a client does about it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/** The answers are given in turn, and the last one again and again. */
export async function fakeServer(...answers: readonly [Answer, ...Answer[]]): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: await text(incoming) };
    const answer = answers[Math.min(seen.push(request), answers.length) - 1] ?? answers[0];
    answer(response, request);
  };
  const server = createServer((incoming, response) => void handle(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** The connection breaks before there is any answer. */
export const breakOff: Answer = (response) => void response.destroy();

/** Sends the beginning of an answer, and breaks the connection once that has gone out, or ends it well. */
export const stream =
  (body: string, ending: 'break' | 'end' | 'stay'): Answer =>
  (response) => {
    response.writeHead(200);
    response.write(body, () => {
      if (ending === 'break') response.destroy();
      if (ending === 'end') response.end();
    });
  };
