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
  const sockets = new Set<Socket>();
  let answered = 0;
  let failed: string | null = null;
  const next = (socket: Socket, { status, isLast }: Answer): void => {
    if (status >= 200 && status < 300) answered++;
    else failed ??= `status ${status}`;
    if (failed !== null) return;
    if (!isLast) return void socket.write(request);
    socket.destroy();
    open();
  };
  const open = (): void => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    sockets.add(socket);
    socket.on('connect', () => socket.write(request));
    socket.on('error', (error) => (failed ??= error.message));
    socket.on('close', () => sockets.delete(socket));
    onAnswer(socket, (answer) => next(socket, answer));
  };
  for (let count = 0; count < connections; count++) open();
  return {
    answered: () => answered,
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (failed !== null) throw new Error(`POST ${path}: ${failed}`);
    },
  };
}

interface Answer {
  readonly status: number;
  /** Whether the server closes the connection after it: ours does after 1,000 requests. */
  readonly isLast: boolean;
}

const END_OF_HEAD = '\r\n\r\n';

/** Tells of each response when all of its body is there. */
function onAnswer(socket: Socket, tell: (answer: Answer) => void): void {
  let head = '';
  let answer: Answer = { status: 0, isLast: false };
  /** Of the body, still to come; null while the head is read. */
  let missing: number | null = null;
  socket.on('data', (chunk: Buffer) => {
    let got = chunk.length;
    if (missing === null) {
      head += chunk.toString('latin1');
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      answer = { status: Number(head.slice(9, 12)), isLast: /\r\nconnection: close/i.test(head.slice(0, end)) };
      got = head.length - end - END_OF_HEAD.length;
      missing = Number(/\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1] ?? Number.NaN);
      if (Number.isNaN(missing)) return void socket.destroy(new Error('a response without its length'));
      head = '';
    }
    missing -= got;
    if (missing > 0) return;
    missing = null;
    tell(answer);
  });
}
