/** The names of time zones, as people write them. */
import { JobschedError } from '../../errors.ts';

/** The longest there is has 32 characters. */
const LONGEST_NAME = 64;
/** Zones that have been renamed; the list of this platform knows them by their old names. */
const RENAMED = ['Asia/Ho_Chi_Minh', 'Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Yangon', 'Europe/Kyiv', 'UTC'] as const;
/** More typing errors than this in a name, and it is another name. */
const MOST_ERRORS = 3;

/**
 * The name as IANA writes it, whatever case it came in: `europe/berlin` gives `Europe/Berlin`. Older names of a zone
 * (`Asia/Calcutta`, `US/Eastern`) stay what they are.
 *
 * @throws JobschedError `invalid_schedule`, naming the zone that may have been meant.
 */
export function resolveTimeZone(name: string): string {
  const resolved = lookUp(name);
  if (resolved !== null) return resolved;
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  throw new JobschedError('invalid_schedule', `There is no time zone ${JSON.stringify(shown)}.`, {
    field: 'timezone',
    hint: hintFor(name),
  });
}

function lookUp(name: string): string | null {
  // Temporal would take offsets as well; a zone of that kind has no name that people could compare.
  if (name.length > LONGEST_NAME || !/^[a-z]/i.test(name)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch {
    return null;
  }
}

function hintFor(name: string): string {
  if (/^[+-]\d/.test(name)) return 'Name a zone such as Europe/Berlin, or, two hours ahead of UTC all year, Etc/GMT-2.';
  const suggestion = suggestTimeZone(name);
  if (suggestion !== null) return `Did you mean ${suggestion}?`;
  return 'Name a zone as IANA does: a region and a city, such as Europe/Berlin or America/New_York; or UTC.';
}

/** The zone of which the text may be a part or a misspelling, or null. */
function suggestTimeZone(text: string): string | null {
  const wanted = text.trim().replaceAll(/\s+/g, '_').toLowerCase();
  // Shorter ones are abbreviations (CEST, PST), and near to everything.
  if (wanted.length < 4 || wanted.length > LONGEST_NAME) return null;
  let best: { name: string; errors: number } | null = null;
  for (const { name, lower, city } of known()) {
    const errors = Math.min(editDistance(wanted, lower), editDistance(wanted, city) + (city.length < 5 ? 1 : 0));
    if (best === null || errors < best.errors) best = { name, errors };
  }
  return best !== null && best.errors <= Math.min(MOST_ERRORS, wanted.length / 3) ? best.name : null;
}

interface KnownZone {
  readonly name: string;
  readonly lower: string;
  /** What follows the region, in lower case. */
  readonly city: string;
}

let knownZones: readonly KnownZone[] | null = null;

/** All zones, listed when the first suggestion is asked for. */
function known(): readonly KnownZone[] {
  knownZones ??= [...RENAMED, ...Intl.supportedValuesOf('timeZone')].map((name) => {
    const lower = name.toLowerCase();
    return { name, lower, city: lower.slice(lower.lastIndexOf('/') + 1) };
  });
  return knownZones;
}

/** How many characters must be put in, taken out or replaced to make one of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_ERRORS) return MOST_ERRORS + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index++) {
    const next = [index + 1];
    for (let column = 0; column < other.length; column++) {
      const replaced = (row[column] ?? 0) + (one[index] === other[column] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    if (next.every((errors) => errors > MOST_ERRORS)) return MOST_ERRORS + 1;
    row = next;
  }
  return row.at(-1) ?? 0;
}
