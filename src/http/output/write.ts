/** Sends bytes no faster than the client reads them. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Ends the response after the last one. Leaves off, without an error, when the signal says that nobody reads. After an
 * error the response is left open, so that nobody takes it for whole.
 */
export async function writeAll(
  response: ServerResponse,
  pieces: AsyncIterable<Uint8Array | null>,
  gone: AbortSignal,
): Promise<void> {
  try {
    for await (const bytes of pieces) {
      if (gone.aborted) break;
      if (bytes === null || bytes.length === 0 || response.write(bytes)) continue;
      await once(response, 'drain', { signal: gone });
    }
  } catch (error) {
    if (!gone.aborted) throw error;
  }
  response.end();
}
