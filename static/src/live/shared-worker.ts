/**
 * One event stream for all tabs, since a browser opens only six connections to a server for all of them. It is open
 * while at least one tab is in sight, and only tabs in sight are told.
 */
import { LiveStream } from './stream.ts';

/** What a tab says of itself. */
export type TabMessage = 'watch' | 'leave';

const watching = new Set<MessagePort>();
const stream = new LiveStream(new URL('api/events', location.href).href, (message) => {
  for (const port of watching) port.postMessage(message);
});

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (data === 'watch') watch(port);
    else leave(port);
  });
  port.start();
});

function watch(port: MessagePort): void {
  watching.add(port);
  if (stream.isOpen) port.postMessage({ kind: 'open' });
  else stream.open();
}

function leave(port: MessagePort): void {
  watching.delete(port);
  if (watching.size === 0) stream.close();
}
