/** The page's icons: 16 × 16, drawn with the text's colour. Never alone: a word or a label stands beside each. */
import type { JSX } from 'preact';

const PATHS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'm4 4 8 8m0-8-8 8',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 3v3.2l2 1.3',
  spinner: 'M8 2a6 6 0 1 0 6 6',
  ban: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M3.8 3.8l8.4 8.4',
  skip: 'm3 4 5 4-5 4zm6 0 5 4-5 4z',
  pause: 'M5.5 3.5v9m5-9v9',
  play: 'm4.5 3 8 5-8 5z',
  stop: 'M4 4h8v8H4z',
  flag: 'M4 14V2.5h8l-2 3 2 3H4',
  repeat: 'M3 7a5 5 0 0 1 9-2l1 1m0-3.5V6H9.5M13 9a5 5 0 0 1-9 2l-1-1m0 3.5V10h3.5',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5 5 13h6l.5-8.5',
  download: 'M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10',
  down: 'M8 3v10m-4-4 4 4 4-4',
  up: 'M8 13V3M4 7l4-4 4 4',
  left: 'M10 3.5 5.5 8l4.5 4.500',
  chevron: 'm6 3.5 4.5 4.5L6 12.5',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5m0 1.7v.1',
  sun: 'M8 5.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M8 1.5v1.3m0 10.4v1.3M1.5 8h1.3m10.4 0h1.3M3.4 3.4l.9.9m7.4 7.4.9.9m0-9.2-.9.9m-7.4 7.4-.9.9',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  screen: 'M2 3h12v8H2zm4 10.5h4',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9m3.3 7.8 3.2 3.2',
  home: 'M2.5 7.5 8 2.8l5.5 4.7V13h-11zM6.5 13V9.5h3V13',
  list: 'M5.5 4h8m-8 4h8m-8 4h8M2.5 4h.1m-.1 4h.1m-.1 4h.1',
  calendar: 'M2.5 4h11v9.500h-11zm0 3h11M5.5 2.300v3m5-3v3',
  server: 'M2.5 3h11v4.200h-11zm0 5.800h11V13h-11zM5 5.100h.1M5 10.900h.1',
  gear: 'M8 5.800a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.400M8 1.800v2m0 8.400v2M1.8 8h2m8.4 0h2M3.6 3.6 5 5m6 6 1.4 1.400m0-8.800L11 5M5 11l-1.4 1.4',
  plus: 'M8 3v10M3 8h10',
  globe: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M2 8h12M8 2c3.5 3.5 3.5 8.5 0 12M8 2c-3.5 3.5-3.5 8.5 0 12',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 5.300v3.700m0-6v.1',
  copy: 'M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3',
  edit: 'm3 13 .7-2.9 7-7 2.2 2.2-7 7zM9.5 4.300l2.2 2.2',
  key: 'M5.5 7.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6M7.7 8.3 13 3m-2.5 2.5 2 2',
  drain: 'M3 3h10L9.5 8v5l-3-1.500V8z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
