/** Lengths of time as people type them: `90`, `90s`, `5m`, `1h30m`, `1h 30m`, `1.5h`, `2d`, `1w`. A bare number is seconds. */
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/instant.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
const WHOLE = /^(?:\d+(?:\.\d+)? ?(?:ms|s|m|h|d|w) ?)+$/;
const PART = /(\d+(?:\.\d+)?) ?(ms|s|m|h|d|w)/g;

/** @returns seconds, or null when the text is no length of time. */
export function parseSeconds(text: string): number | null {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (!WHOLE.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(PART)) total += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return total / SECOND;
}
