/** In which time zone times are shown: the browser's, UTC, or each in its own job's. */
import { storedChoice } from './stored.ts';

export const ZONES = ['local', 'job', 'utc'] as const;
export type Zone = (typeof ZONES)[number];

export const zone = storedChoice<Zone>('zone', ZONES);

/** The browser's zone, `Europe/Berlin`. */
export const LOCAL_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The zone to show a time in, as IANA names it.
 *
 * @param jobZone that of the job the time belongs to; null where there is none.
 */
export function shownZone(jobZone: string | null = null): string {
  if (zone.value === 'utc') return 'UTC';
  return zone.value === 'job' && jobZone !== null ? jobZone : LOCAL_ZONE;
}
