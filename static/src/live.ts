/**
 * What changes on the server, as it changes: one event stream while the page is visible, none while it is hidden, since
 * a browser opens only six connections to a server for all its tabs.
 *
 *   connecting ──open──► open ──error──► away ──open──► open
 *        hidden: closed; visible again: connecting, and everybody looks anew
 */
import { signal } from '@preact/signals';
import type { ChangeEvent } from '../../src/http/schema/system.ts';
import { href } from './base.ts';
import { serverNow } from './clock.ts';

/** What kind of thing changed, and its id. A run's id begins with its job's. */
export type Change = ChangeEvent;

/** Given what changed; null when something was missed and everything is to be fetched anew. */
export type Listener = (changes: readonly Change[] | null) => void;

/** Since when the server is away; null while it is there. */
export const awaySince = signal<number | null>(null);

const REOPEN_MS = 1_000;
/** Changes come in bursts: what comes within this is told at once. */
const GATHER_MS = 100;
const listeners = new Set<Listener>();
let source: EventSource | null = null;
let reopening: ReturnType<typeof setTimeout> | undefined;
const gathered: Change[] = [];

/** @returns a function that ends the subscription. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Starts to listen to the server. Call once. */
export function startLive(): void {
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : reopen()));
  addEventListener('pagehide', close);
  addEventListener('online', reopen);
  connect();
}

function connect(): void {
  close();
  source = new EventSource(href('api/events'));
  source.addEventListener('open', opened);
  source.addEventListener('change', (event: MessageEvent<string>) => gather(event.data));
  source.addEventListener('reset', () => tell(null));
  source.addEventListener('error', () => failed());
}

function opened(): void {
  awaySince.value = null;
  // What changed between a look and this moment is told to nobody.
  tell(null);
}

function failed(): void {
  awaySince.value ??= serverNow();
  // The browser reconnects by itself after a broken connection, but never after an answer that is no event stream.
  if (source?.readyState !== EventSource.CLOSED) return;
  clearTimeout(reopening);
  reopening = setTimeout(connect, REOPEN_MS);
}

function reopen(): void {
  if (!document.hidden) connect();
}

function close(): void {
  clearTimeout(reopening);
  source?.close();
  source = null;
}

function gather(data: string): void {
  if (gathered.length === 0) setTimeout(() => tell(gathered.splice(0)), GATHER_MS);
  gathered.push(JSON.parse(data) as Change);
}

function tell(changes: readonly Change[] | null): void {
  for (const listener of listeners) listener(changes);
}
