/**
 * Keys of one letter, for those who do not reach for the mouse. Off in fields, in dialogs, and with a modifier, so that
 * the browser's and the screen reader's own keep working. What a screen adds goes before what is everywhere.
 */
import { useEffect, useRef } from 'preact/hooks';
import { loginNeeded } from '../api/login-needed.ts';
import { togglePause } from '../live/live.ts';
import { navigate, submitHref } from '../router.ts';
import { storedChoice } from '../stored.ts';
import { nextTheme } from '../theme.ts';
import { openKeys, openPalette } from './overlay.ts';
import { PLACES } from './sidebar.tsx';

/** A key, or `g` and a key, → what it does. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Whoever speaks to the computer, or bumps into keys, wants them off. */
export const keysUsed = storedChoice('keys', ['on', 'off']);

/** How long `g` waits for what comes after it. */
const SECOND_KEY_MS = 1_500;

const added: { readonly keys: () => KeyMap }[] = [];
let first: { readonly key: string; readonly timer: ReturnType<typeof setTimeout> } | null = null;

const EVERYWHERE: KeyMap = {
  '?': openKeys,
  '/': focusFilter,
  s: () => navigate(submitHref()),
  p: togglePause,
  t: nextTheme,
  ...Object.fromEntries(PLACES.map(({ key, href }) => [`g ${key}`, () => navigate(href)])),
};

/** Adds keys for as long as the component is shown. The newest map is asked, so it may close over what is drawn. */
export function useKeys(keys: KeyMap): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const entry = { keys: () => newest.current };
    added.push(entry);
    return () => void added.splice(added.indexOf(entry), 1);
  }, []);
}

/** Listens for keys. Call once. */
export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (loginNeeded.value) return;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openPalette();
    } else if (keysUsed.value === 'on' && isOurs(event)) press(event);
  });
}

function press(event: KeyboardEvent): void {
  const key = first === null ? event.key : `${first.key} ${event.key}`;
  clearTimeout(first?.timer);
  first = null;
  const action = added.map(({ keys }) => keys()[key]).findLast(Boolean) ?? EVERYWHERE[key];
  if (action !== undefined) {
    event.preventDefault();
    action(event);
  } else if (event.key === 'g') {
    first = { key: 'g', timer: setTimeout(() => (first = null), SECOND_KEY_MS) };
  }
}

function isOurs(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')) return false;
  return document.querySelector('dialog[open]') === null;
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('[data-filter]')?.focus();
}
