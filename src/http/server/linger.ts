/**
 * A refused request whose body is still coming. Closing at once would reset the connection, and the client, still
 * sending, would lose the reply that tells it why. So the reply is sent, the rest is read and thrown away, though not
 * for ever, and then the connection is closed.
 */
import type { IncomingMessage } from 'node:http';
import type { Millis } from '../../domain/instant.ts';
import { hasBody } from '../request/body.ts';

/**
 * @param ms how long is waited at most.
 * @returns null when nothing more comes; else resolves when it has come, or enough was waited.
 */
export function restOf(request: IncomingMessage, ms: Millis): Promise<void> | null {
  if (request.complete || !hasBody(request)) return null;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    request.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    request.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    request.resume();
  });
}
