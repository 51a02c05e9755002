import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { fakeClock, START } from '../../test/support/clock.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { Sampler, type SamplerOptions } from './sampler.ts';

const logger = pino({ level: 'silent' });

/** The store, which tells what it answers to a sample. */
function telling(store: Store, told: (answer: string) => void): SamplerOptions['store'] {
  return {
    now: () => store.now(),
    totals: () => store.totals(),
    queues: () => store.queues(),
    keepSample: async (sample) => {
      const answer = await store.keepSample(sample);
      told(answer);
      return answer;
    },
  };
}

describe('Sampler', () => {
  it('keeps a sample at its start, beside others, and stops', async () => {
    const folder = await temporaryFolder();
    const store = await openStore({ kind: 'sqlite', file: `${folder.path}/test.db`, clock: fakeClock() });
    const kept = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const samplers = kept.map(({ resolve }) => new Sampler({ store: telling(store, resolve), logger }));
    await Promise.all(samplers.map((sampler) => sampler.start()));
    expect((await Promise.all(kept.map(({ promise }) => promise))).toSorted()).toEqual(['kept', 'known']);
    expect((await store.samplesAt([START]))[0]).toMatchObject({ time: START, queued: 0, running: 0 });
    await Promise.all(samplers.map((sampler) => sampler.stop()));
    await store.close();
    await folder.remove();
  });

  it('outlives an engine that is away', async () => {
    const away = async (): Promise<never> => {
      throw new Error('away');
    };
    const sampler = new Sampler({ store: { now: away, totals: away, queues: away, keepSample: away }, logger });
    await sampler.start();
    await sampler.stop();
  });
});
