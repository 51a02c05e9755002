/** Lengths of time, as short as they can be said: `40 ms`, `4.2 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
] as const;

/** How long something took. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return wholeSeconds(ms);
}

/** How long until or since something, in whole seconds. */
export function wholeSeconds(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return two(ms, MINUTE, 'm', SECOND, 's');
  return ms < DAY ? two(ms, HOUR, 'h', MINUTE, 'm') : two(ms, DAY, 'd', HOUR, 'h');
}

/** `in 4 s`; `now` for what is due. */
export function until(at: number, now: number): string {
  return at - now < SECOND ? 'now' : `in ${wholeSeconds(at - now)}`;
}

/** `4 s ago`, `8 h ago`: one unit is enough; `just now` within the second. */
export function ago(at: number, now: number): string {
  const since = now - at;
  if (since < SECOND) return 'just now';
  const [unit, name] = UNITS.find(([unit]) => since >= unit) ?? [SECOND, 's'];
  return `${Math.floor(since / unit)} ${name} ago`;
}

function two(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  const padded = smallName === 'h' ? `${rest}` : String(rest).padStart(2, '0');
  return `${Math.floor(ms / big)} ${bigName} ${padded} ${smallName}`;
}
