/**
 * Requests over HTTP/1.1, one at a time on each of many connections, as fast as they are answered. On bare sockets, since
 * the client shares the machine with what is measured: it only looks for the status and the length of the body.
 */
import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
}

/** A load that goes on until it is stopped. */
export interface RunningLoad {
  /** How many were answered so far, each with a status of 200 to 299. */
  answered(): number;
  /** @throws Error when an answer was of another status. */
  stop(): Promise<void>;
}

export function startLoad({ port, path, body, connections }: Load): RunningLoad {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: localhost:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  let answered = 0;
  let failed: string | null = null;
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const next = (status: number): void => {
      if (status >= 200 && status < 300) answered++;
      else failed = `status ${status}`;
      if (failed === null) socket.write(request);
    };
    socket.on('connect', () => socket.write(request));
    socket.on('error', (error) => (failed = error.message));
    onResponse(socket, next);
    return socket;
  });
  return {
    answered: () => answered,
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (failed !== null) throw new Error(`POST ${path}: ${failed}`);
    },
  };
}

const END_OF_HEAD = '\r\n\r\n';

/** Tells the status of each response when all of its body is there. */
function onResponse(socket: Socket, done: (status: number) => void): void {
  let head = '';
  let status = 0;
  /** Of the body, still to come; null while the head is read. */
  let missing: number | null = null;
  socket.on('data', (chunk: Buffer) => {
    let got = chunk.length;
    if (missing === null) {
      head += chunk.toString('latin1');
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      status = Number(head.slice(9, 12));
      got = head.length - end - END_OF_HEAD.length;
      missing = Number(/\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1] ?? Number.NaN);
      if (Number.isNaN(missing)) return void socket.destroy(new Error('a response without its length'));
      head = '';
    }
    missing -= got;
    if (missing > 0) return;
    missing = null;
    done(status);
  });
}
