/** Whether what is shown is live. While it is not, the page says for how long, and heals by itself. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { wholeSeconds } from '../format/duration.ts';
import { awaySince } from '../live.ts';

export function Connection(): JSX.Element {
  const since = awaySince.value;
  return (
    <span class={since === null ? 'connection' : 'connection away'} role="status">
      <span class="dot" aria-hidden="true" />
      {since === null ? 'Live' : 'Reconnecting'}
      {since !== null && <span aria-hidden="true">, {wholeSeconds(Math.max(0, now.value - since))}</span>}
    </span>
  );
}
