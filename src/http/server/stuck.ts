/**
 * A client that does not read what waits for it: its response, and all that it holds, would stay for ever. A response
 * with nothing to send may stay: those of events and followed output are silent for long.
 */
import type { ServerResponse } from 'node:http';
import type { Millis } from '../../domain/instant.ts';
import { whenClosed } from '../reply/closed.ts';

/** Cuts off a response of which nothing could be sent, although something waits, for this long, or twice that at most. */
export function dropWhenStuck(response: ServerResponse, ms: Millis): void {
  let sentBefore = 0;
  const timer = setInterval(() => {
    const { socket } = response;
    if (socket === null) return;
    const sent = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength > 0 && sent === sentBefore) response.destroy();
    sentBefore = sent;
  }, ms).unref();
  whenClosed(response, () => clearInterval(timer));
}
