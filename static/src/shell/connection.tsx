/** Whether what is shown is live, and a way to hold it still. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { wholeSeconds } from '../format/duration.ts';
import { awaySince, pausedSince, staleSince, togglePause } from '../live/live.ts';

export function Connection(): JSX.Element {
  const state = awaySince.value !== null ? 'away' : pausedSince.value !== null ? 'paused' : 'live';
  const words = { away: 'Reconnecting', paused: 'Paused', live: 'Live' }[state];
  return (
    <button
      type="button"
      class={`connection ${state}`}
      title={state === 'paused' ? 'Let the page change again (p)' : 'Hold the page still (p)'}
      aria-pressed={state === 'paused'}
      onClick={togglePause}
    >
      <span class="dot" aria-hidden="true" />
      <span class="words">{words}</span>
    </button>
  );
}

/** Over everything that may be old. */
export function StaleNote(): JSX.Element | null {
  const since = staleSince.value;
  if (since === null) return null;
  const age = wholeSeconds(Math.max(0, now.value - since));
  return (
    <p class={`stale-note ${awaySince.value === null ? 'paused' : 'away'}`} role="status">
      <span class="dot" aria-hidden="true" />
      {awaySince.value === null ? 'The page is held still' : 'The server does not answer: reconnecting'}
      <span aria-hidden="true">, {age} old</span>
      {awaySince.value === null && (
        <button type="button" class="link" onClick={togglePause}>
          Go on
        </button>
      )}
    </p>
  );
}
