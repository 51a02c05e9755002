import { setTimeout } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { measureEventLoop } from './event-loop.ts';

test('tells by how much the event loop was held up, and not how often it is looked at', async () => {
  const registry = new Registry();
  measureEventLoop(registry);
  const latest = async (): Promise<number> => {
    const [metric] = await registry.getMetricsAsJSON();
    const values = (metric?.values ?? []) as { value: number; labels: { quantile?: number } }[];
    return values.find(({ labels }) => labels.quantile === 1)?.value ?? Number.NaN;
  };
  expect(await latest()).toBe(0);
  await expect
    .poll(
      async () => {
        const until = performance.now() + 400;
        while (performance.now() < until);
        // The look that was due meanwhile is taken in the loop's next turn.
        await setTimeout(1);
        return latest();
      },
      { timeout: 20_000, interval: 250 },
    )
    .toBeGreaterThan(0.2);
});
