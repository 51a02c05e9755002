/**
 * What comes to the port of TLS. Whoever speaks plain HTTP there, having typed `http` or no scheme, is told so in a
 * sentence, rather than by a connection that is closed without one. The first byte tells: no request begins with that of
 * a handshake.
 */
import type { Server, Socket } from 'node:net';
import { JobschedError } from '../../errors.ts';
import type { Millis } from '../../domain/instant.ts';
import { encodeProblem } from './malformed.ts';

/** The type of a record of TLS that holds a part of a handshake (RFC 8446, 5.1). */
const HANDSHAKE = 0x16;

/**
 * @param server of TLS, new: what it does with a connection is put off until the first byte has come.
 * @param patienceMs how long that may take.
 */
export function tellPlainClients(server: Server, patienceMs: Millis): void {
  const handshakes = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const giveUp = setTimeout(() => socket.destroy(), patienceMs);
    socket.once('close', () => clearTimeout(giveUp));
    // Whoever goes before a handshake is nobody's concern.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    socket.once('readable', () => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) socket.destroy();
      else if (bytes[0] !== HANDSHAKE) socket.resume().end(encodeProblem(400, speakTls()));
      else {
        clearTimeout(giveUp);
        socket.off('error', ignore).unshift(bytes);
        for (const begin of handshakes) begin.call(server, socket);
      }
    });
  });
}

function speakTls(): JobschedError {
  return new JobschedError('invalid_request', 'this port speaks TLS, and the request came in plain HTTP', {
    hint: 'Write https:// rather than http:// before the address.',
  });
}
