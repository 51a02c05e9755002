/** When a response is over: its last byte has gone out, or its client has gone. */
import type { ServerResponse } from 'node:http';

/** Calls once then; at once where the client left while its reply was made, since Node tells of that only once. */
export function whenClosed(response: ServerResponse, call: () => void): void {
  if (response.closed) call();
  else response.once('close', call);
}
