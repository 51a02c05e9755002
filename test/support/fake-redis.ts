/** What answers as a Redis that no test can easily have: one that is too old, or that loads for as long as wished. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface FakeRedis extends AsyncDisposable {
  readonly url: string;
}

/** @param answer the reply as it goes over the wire, without its last line end, to a command of one's choice. */
export async function fakeRedis(answer: (name: string, parameters: readonly string[]) => string): Promise<FakeRedis> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    // Each call comes in one piece: all of them are short.
    socket.on('data', (chunk) => {
      for (const [name = '', ...parameters] of commandsOf(chunk.toString('latin1'))) {
        socket.write(`${answer(name.toUpperCase(), parameters)}\r\n`);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

export function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}`;
}

function commandsOf(text: string): string[][] {
  const lines = text.split('\r\n');
  const commands: string[][] = [];
  for (let at = 0; lines[at]?.startsWith('*');) {
    const count = Number(lines[at]?.slice(1));
    commands.push(Array.from({ length: count }, (_, index) => lines[at + 2 + 2 * index] ?? ''));
    at += 1 + 2 * count;
  }
  return commands;
}
