/** Samples of the totals, for charts: see `store/samples.ts`. */
import type { Instant, Millis } from '../../../domain/instant.ts';
import { decodeSample, encodeSample, SAMPLE_STEPS, type Sample } from '../../samples.ts';
import type { Command, RedisLink } from '../link/link.ts';
import { list, textOrNull } from '../link/reply.ts';

export async function keepSample(link: RedisLink, sample: Sample): Promise<'kept' | 'known'> {
  const steps = SAMPLE_STEPS.flatMap(({ every, keptFor }) => [every, keptFor]);
  const kept = await link.run('keep-sample', sample.time, encodeSample(sample), ...steps);
  return Number(kept) > 0 ? 'kept' : 'known';
}

export async function samplesAt(link: RedisLink, times: readonly Instant[]): Promise<(Sample | null)[]> {
  const replies = await link.read([
    ...SAMPLE_STEPS.map(({ every }): Command => ['ZRANGE', keyOf(link, every), 0, 0]),
    ...times.flatMap((time) => SAMPLE_STEPS.map(({ every }) => newestBefore(link, every, time))),
  ]);
  const found = replies.map((reply) => textOrNull(list(reply)[0] ?? null));
  const samples = found.map((text) => (text === null ? null : decodeSample(text)));
  const steps = SAMPLE_STEPS.length;
  const oldest = samples.slice(0, steps).reduce(older);
  return times.map((_, index) => {
    const own = samples.slice((index + 1) * steps, (index + 2) * steps);
    return own.find((sample) => sample !== null) ?? oldest;
  });
}

function newestBefore(link: RedisLink, step: Millis, time: Instant): Command {
  return ['ZREVRANGEBYSCORE', keyOf(link, step), time, '-inf', 'LIMIT', 0, 1];
}

function keyOf({ prefix }: RedisLink, step: Millis): string {
  return `${prefix}samples:${step}`;
}

function older(one: Sample | null, other: Sample | null): Sample | null {
  if (one === null || other === null) return one ?? other;
  return one.time <= other.time ? one : other;
}
