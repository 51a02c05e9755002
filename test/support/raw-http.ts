/** HTTP as bytes: what no client would send, and the answer as it came. */
import { connect, type Socket } from 'node:net';
import { within } from './wait.ts';

/** Where they go; a port alone is one of this machine. */
export interface Target {
  readonly port: number;
  readonly host?: string;
}

/** Sends bytes as they are, and reads until the server closes. */
export function raw(target: Target, bytes: string | Uint8Array): Promise<string> {
  const answer = new Promise<string>((resolve) => {
    const socket = open(target);
    socket.once('connect', () => socket.write(bytes));
    socket.once('close', () => resolve(seenBy(socket)));
  });
  return within(10_000, answer, () => `no end of the answer to ${JSON.stringify(String(bytes).slice(0, 500))}`);
}

/** For how long nothing may come before a client of {@link exchange} gives up. */
const SILENCE_MS = 20;

/**
 * The same as an impatient client does it, who goes when an answer has come, or nothing: whatever was sent, it ends.
 *
 * @returns all that came.
 */
export function exchange(target: Target, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(target);
    const leave = (): void => void socket.end();
    socket.once('connect', () => {
      socket.write(bytes);
      socket.setTimeout(SILENCE_MS, leave);
    });
    socket.on('data', leave);
    socket.once('close', () => resolve(seenBy(socket)));
  });
}

/** The status of the first response in an answer; NaN when there is none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

/** Those of all of them. */
export const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));

/** A request of these lines and this body; it asks for the connection to be closed. */
export const requestOf = (lines: readonly string[], body = ''): string =>
  `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;

const seen = new WeakMap<Socket, Buffer[]>();

function open({ host = '127.0.0.1', port }: Target): Socket {
  const socket = connect({ host, port });
  const pieces: Buffer[] = [];
  seen.set(socket, pieces);
  // A reset is an answer as well: it closes.
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  return socket;
}

const seenBy = (socket: Socket): string => Buffer.concat(seen.get(socket) ?? []).toString('latin1');
