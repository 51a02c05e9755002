/**
 * A refused request whose body is still coming. Closing at once would reset the connection, and the client, still
 * sending, would lose the reply that tells it why. So the reply is sent, the rest is read and thrown away, though not
 * for ever, and then the connection is closed.
 */
import type { IncomingMessage } from 'node:http';
import { SECOND } from '../domain/instant.ts';
import { hasBody } from './body.ts';

const LINGER_MS = 2 * SECOND;

/** @returns null when nothing more comes; else resolves when it has come, or enough was waited. */
export function restOf(request: IncomingMessage): Promise<void> | null {
  if (request.complete || !hasBody(request)) return null;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
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
