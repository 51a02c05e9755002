/** Series for charts: differences of the samples at the ends of their steps. */
import { DAY, type Instant, type Millis } from '../../domain/instant.ts';
import { DURATION_BOUNDS, LATENESS_BOUNDS, quantile } from '../../domain/spread.ts';
import { SAMPLE_STEPS, SAMPLED_STATUSES, type Sample } from '../../store/samples.ts';
import { toWireTime } from '../reply/wire-time.ts';
import type { Series } from '../schema/stats.ts';

type Point = Series['points'][number];

export interface Span {
  readonly since: Instant;
  readonly until: Instant;
  /** Between two of `ends`. */
  readonly step: Millis;
  /** Where steps begin and end, the first and the last among them. */
  readonly ends: readonly Instant[];
}

/** Steps begin at whole multiples of their length, so that whoever asks again gets the same. */
export function spanOf(since: Instant, until: Instant, points: number, now: Instant): Span {
  const [fine, coarse] = SAMPLE_STEPS;
  const least = since < now - fine.keptFor ? coarse.every : fine.every;
  const step = Math.max(least, Math.ceil((until - since) / points / fine.every) * fine.every);
  // What was before the oldest sample is nowhere.
  const first = Math.floor(Math.max(since, now - coarse.keptFor - DAY) / step) * step;
  const ends: Instant[] = [];
  for (let at = first; at < until + step; at += step) ends.push(at);
  return { since, until, step, ends };
}

/** @param samples what is known of each of the ends; of the one that is to come, the moment. */
export function toSeries({ step, ends }: Span, samples: readonly (Sample | null)[]): Series {
  const points = ends.flatMap((time, index) => {
    const [before, after] = [samples[index] ?? null, samples[index + 1] ?? null];
    if (before === null || after === null || before.time > time + step || after.time < before.time) return [];
    return [toPoint(time, before, after)];
  });
  return { step_seconds: step / 1_000, points };
}

function toPoint(time: Instant, before: Sample, after: Sample): Point {
  // Nobody took one within the step: no server was up.
  const looked = after.time > time;
  const ended = Object.fromEntries(
    SAMPLED_STATUSES.map((status) => [status, grown(before.ended[status], after.ended[status])]),
  ) as Point['ended'];
  return {
    time: toWireTime(time),
    ended,
    started_late: grown(before.startedLate, after.startedLate),
    queued: looked ? after.queued : null,
    running: looked ? after.running : null,
    duration_ms: percentiles(DURATION_BOUNDS, before.duration, after.duration),
    lateness_ms: percentiles(LATENESS_BOUNDS, before.lateness, after.lateness),
  };
}

function percentiles(
  bounds: readonly Millis[],
  before: readonly number[],
  after: readonly number[],
): Point['duration_ms'] {
  const counts = after.map((count, bucket) => grown(before[bucket] ?? 0, count));
  const [p50, p95] = [quantile(bounds, counts, 0.5), quantile(bounds, counts, 0.95)];
  return { p50: p50 === null ? null : Math.round(p50), p95: p95 === null ? null : Math.round(p95) };
}

/** Totals only rise, but for an engine that came back with older data. */
function grown(before: number, after: number): number {
  return Math.max(0, after - before);
}
