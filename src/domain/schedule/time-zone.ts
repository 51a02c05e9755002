/**
 * A time zone, as a line of spans: stretches of time in which its offset from UTC does not change.
 *
 * Invariants:
 * - Spans meet: one ends where the next starts, the first starts at −∞, the last ends at +∞.
 * - `start`, `end` and the offsets are whole seconds.
 *
 * Asking `Temporal` costs about 2 µs, so what it said is kept, and an instant within the span asked for last costs
 * nothing. Zones know only their rules, never the time, so keeping them changes no answer.
 */
import type { Instant, Millis } from '../instant.ts';

export interface Span {
  /** −∞ for the first. */
  readonly start: Instant;
  /** The first instant after it; +∞ for the last. */
  readonly end: Instant;
  /** Local time minus UTC. */
  readonly offset: Millis;
  /** The offset just before `start`; the same as `offset` for the first span. */
  readonly before: Millis;
}

/** Spans kept for one zone, so that a search through millennia takes no memory: 2,000 reach for a thousand years. */
const MOST_SPANS = 2_000;

export class TimeZone {
  readonly name: string;
  #spans: Span[] = [];
  #recent: Span;

  /** @param name an IANA name as `resolveTimeZone` returns it. */
  constructor(name: string) {
    this.name = name;
    this.#recent = this.#ask(0);
  }

  /** The span that the instant lies in. It must be one that `Date` can hold. */
  spanAt(instant: Instant): Span {
    if (!contains(this.#recent, instant)) this.#recent = this.#known(instant) ?? this.#ask(instant);
    return this.#recent;
  }

  #known(instant: Instant): Span | null {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#spans[middle]?.end ?? 0) <= instant) low = middle + 1;
      else high = middle;
    }
    const span = this.#spans[low];
    return span !== undefined && contains(span, instant) ? span : null;
  }

  #ask(instant: Instant): Span {
    const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.name);
    // `previous` is strictly before, and the span starts at the instant itself when that is a transition.
    const start = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
    const end = at.getTimeZoneTransition('next');
    const offset = offsetOf(at);
    const span = {
      start: start?.epochMilliseconds ?? -Infinity,
      end: end?.epochMilliseconds ?? Infinity,
      offset,
      before: start === null ? offset : offsetOf(start.subtract({ milliseconds: 1 })),
    };
    this.#keep(span);
    return span;
  }

  #keep(span: Span): void {
    if (this.#spans.length >= MOST_SPANS) this.#spans = [];
    const index = this.#spans.findIndex((other) => other.start > span.start);
    this.#spans.splice(index === -1 ? this.#spans.length : index, 0, span);
  }
}

function contains(span: Span, instant: Instant): boolean {
  return instant >= span.start && instant < span.end;
}

function offsetOf(time: Temporal.ZonedDateTime): Millis {
  return time.offsetNanoseconds / 1_000_000;
}

const zones = new Map<string, TimeZone>();

/** The one of that name; there are some 600, so all that were ever asked for are kept. */
export function timeZone(name: string): TimeZone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = new TimeZone(name);
  zones.set(name, zone);
  return zone;
}
