/** Lengths of time, as people read them at a glance: `0.04s`, `41s`, `3m 20s`, `1d 7h`. Never more than two units. */
import { DAY, HOUR, MINUTE, SECOND, type Millis } from '../../domain/instant.ts';

const UNITS = [
  { size: DAY, letter: 'd' },
  { size: HOUR, letter: 'h' },
  { size: MINUTE, letter: 'm' },
  { size: SECOND, letter: 's' },
] as const;

/** Rounded down, so that nothing seems to have taken longer than it did. Below ten seconds with fractions. */
export function duration(length: Millis): string {
  if (length < 10) return '<0.01s';
  if (length < SECOND) return `${(Math.floor(length / 10) / 100).toFixed(2)}s`;
  if (length < 10 * SECOND) return `${(Math.floor(length / 100) / 10).toFixed(1)}s`;
  return wholeUnits(length, 2);
}

/** The same in whole seconds and coarser: what a countdown or an age needs. */
export function roughDuration(length: Millis): string {
  return wholeUnits(length, length >= HOUR && length < 10 * DAY ? 2 : 1);
}

/** The same to the nearest: what is to come was given in round numbers, and a moment has passed since. */
export function nearestDuration(length: Millis): string {
  const shown = smallestShown(length);
  return roughDuration(Math.round(length / shown) * shown);
}

/** The unit that {@link roughDuration} ends in. */
function smallestShown(length: Millis): Millis {
  if (length >= 10 * DAY) return DAY;
  if (length >= DAY) return HOUR;
  return length >= MINUTE ? MINUTE : SECOND;
}

/** `13h`: its biggest unit alone, for a column that has little room. */
export function biggestUnit(length: Millis): string {
  return wholeUnits(length, 1);
}

function wholeUnits(length: Millis, most: number): string {
  const biggest = UNITS.findIndex((unit) => length >= unit.size);
  if (biggest < 0) return '0s';
  let rest = length;
  const parts: string[] = [];
  for (const { size, letter } of UNITS.slice(biggest, biggest + most)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${letter}`);
  }
  return parts.join(' ');
}
