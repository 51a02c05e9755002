/**
 * What changes on the server, as it changes, for whatever is on this page; told while the page is in sight.
 *
 *   connecting ──► live ⇄ away
 *        out of sight: nothing is told; in sight again: everybody looks anew
 *        paused by a person: changes wait, until they are wanted again
 */
import { computed, signal } from '@preact/signals';
import { serverNow } from '../clock.ts';
import { lookWhetherEnded } from '../session/session.ts';
import { openChannel, type LiveChannel } from './channel.ts';
import type { Change, LiveMessage } from './stream.ts';

export type { Change } from './stream.ts';

/** Given what changed; null when something was missed and everything is to be fetched anew. */
export type Listener = (changes: readonly Change[] | null) => void;

/** Since when the server is away; null while it is there. */
export const awaySince = signal<number | null>(null);
/** When a person stopped the page from changing; null while it may. */
export const pausedSince = signal<number | null>(null);
/** Since when what is shown may be old; null while it is not. */
export const staleSince = computed(() => awaySince.value ?? pausedSince.value);

const listeners = new Set<Listener>();
let channel: LiveChannel | null = null;

/** @returns a function that ends the subscription. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Starts to listen to the server. Call once. */
export function startLive(): void {
  channel = openChannel(hear);
  document.addEventListener('visibilitychange', () => (document.hidden ? channel?.leave() : channel?.watch()));
  addEventListener('pagehide', () => channel?.leave());
  addEventListener('pageshow', (event) => event.persisted && channel?.watch());
  addEventListener('online', reconnect);
  if (!document.hidden) channel.watch();
}

/** After a login everything is looked at anew, so nothing is held still any more. */
export function startAnew(): void {
  pausedSince.value = null;
  reconnect();
}

function reconnect(): void {
  if (document.hidden) return;
  channel?.leave();
  channel?.watch();
}

/** Stops the page from changing, or lets it go on. */
export function togglePause(): void {
  pausedSince.value = pausedSince.value === null ? serverNow() : null;
  if (pausedSince.value === null) tell(null);
}

function hear(message: LiveMessage): void {
  if (message.kind === 'away') awaySince.value ??= serverNow();
  else awaySince.value = null;
  // A stream does not tell what it was refused for.
  if (message.kind === 'away' && message.refused) void lookWhetherEnded();
  if (message.kind === 'changes') tell(message.changes);
  // What changed between a look and the stream's opening is told to nobody.
  else if (message.kind !== 'away') tell(null);
}

function tell(changes: readonly Change[] | null): void {
  if (pausedSince.value !== null) return;
  for (const listener of listeners) listener(changes);
}
