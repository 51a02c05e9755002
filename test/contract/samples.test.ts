import { expect } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '../../src/domain/instant.ts';
import { toSample, type Sample } from '../../src/store/samples.ts';
import { contract } from './contract.ts';
import type { World } from './world.ts';

async function take({ store }: World): Promise<Sample> {
  const [now, totals, queues] = await Promise.all([store.now(), store.totals(), store.queues()]);
  return toSample(now, totals, queues);
}

async function keep(world: World): Promise<Sample> {
  const sample = await take(world);
  await world.store.keepSample(sample);
  return sample;
}

const timesAt = async ({ store }: World, times: readonly Instant[]): Promise<(Instant | undefined)[]> =>
  (await store.samplesAt(times)).map((sample) => sample?.time);

contract('samples', (it) => {
  it('tell what the totals and the queues were', async ({ world }) => {
    const start = await world.now();
    expect(await world.store.samplesAt([start])).toEqual([null]);
    expect(await world.store.samplesAt([])).toEqual([]);
    const before = await keep(world);
    await world.once();
    await world.once({ queue: 'other' });
    const worker = world.worker();
    await worker.finish(await worker.claimed(['other']));
    world.clock.advance(MINUTE);
    const after = await keep(world);
    expect(await world.store.samplesAt([start, start + MINUTE])).toEqual([before, after]);
    expect(before).toMatchObject({ queued: 0, ended: { succeeded: 0 } });
    expect(after).toMatchObject({ queued: 1, ended: { succeeded: 1 } });
  });

  it('are kept once a minute, whoever comes first', async ({ world }) => {
    const start = await world.now();
    const first = await take(world);
    world.clock.advance(30 * SECOND);
    const second = await take(world);
    const kept = await Promise.all([world.store.keepSample(first), world.store.keepSample(second)]);
    expect(kept.toSorted()).toEqual(['kept', 'known']);
    expect(await timesAt(world, [start + 59 * SECOND])).toEqual([kept[0] === 'kept' ? first.time : second.time]);
    world.clock.advance(30 * SECOND);
    expect(await world.store.keepSample(await take(world))).toBe('kept');
  });

  it('are found by the newest of then or before, or the oldest', async ({ world }) => {
    const start = await world.now();
    await keep(world);
    world.clock.set(start + 5 * MINUTE);
    await keep(world);
    const asked = [start - HOUR, start, start + MINUTE, start + 5 * MINUTE - 1, start + 5 * MINUTE, start + DAY];
    const found = [start, start, start, start, start + 5 * MINUTE, start + 5 * MINUTE];
    expect(await timesAt(world, asked)).toEqual(found);
  });

  it('are kept by the hour after two days, and go after 31', async ({ world }) => {
    const start = await world.now();
    for (const minute of [0, 1, 30, 60, 61]) {
      world.clock.set(start + minute * MINUTE);
      await keep(world);
    }
    world.clock.set(start + 2 * DAY + 2 * HOUR);
    await keep(world);
    const asked = [start + 30 * MINUTE, start + 61 * MINUTE, start + 3 * DAY];
    expect(await timesAt(world, asked)).toEqual([start, start + 60 * MINUTE, start + 2 * DAY + 2 * HOUR]);
    world.clock.set(start + 31 * DAY + 30 * MINUTE);
    await keep(world);
    expect(await timesAt(world, [start])).toEqual([start + 60 * MINUTE]);
    await world.reopen();
    expect(await timesAt(world, [start])).toEqual([start + 60 * MINUTE]);
  });

  it('are kept also when the clock stepped back', async ({ world }) => {
    await keep(world);
    world.clock.advance(-HOUR);
    const earlier = await keep(world);
    expect(await timesAt(world, [await world.now()])).toEqual([earlier.time]);
  });
});
