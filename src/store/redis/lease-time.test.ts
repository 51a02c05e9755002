/** Lease time by a clock that does not step: never faster than real time, and not slower for long. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR } from '../../domain/instant.ts';
import { LeaseTime } from './lease-time.ts';

/** As lua/lib/leases.lua: Redis's clock, held to what the tick says. */
class Engine {
  wall = 1_000_000;
  shift = 0;
  ticked = 0;

  tick(most: number | null): number {
    let now = this.wall + this.shift;
    if (most !== null) now = Math.min(now, Math.max(most, this.ticked));
    this.shift = now - this.wall;
    this.ticked = now;
    return now;
  }
}

const ticks = fc.array(
  fc.record({
    pause: fc.integer({ min: 1, max: 2_000 }),
    step: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 7_400 })),
    there: fc.integer({ min: 0, max: 3_000 }),
    back: fc.integer({ min: 0, max: 3_000 }),
  }),
  { minLength: 5, maxLength: 100 },
);

it('is never ahead of the time that has passed by more than a second, whatever steps there are', () => {
  fc.assert(
    fc.property(ticks, (all) => {
      const engine = new Engine();
      let real = 0;
      const time = new LeaseTime({ monotonic: () => real + 77 });
      const pass = (by: number): void => {
        real += by;
        engine.wall += by;
      };
      let began: { lease: number; real: number } | null = null;
      for (const { pause, step, there, back } of all) {
        pass(pause);
        if (began !== null) engine.wall += step;
        const asked = time.ask();
        pass(there);
        const lease = engine.tick(asked.most);
        began ??= { lease, real };
        expect(lease - began.lease).toBeLessThanOrEqual(real - began.real + 1_000);
        pass(back);
        time.hear(asked, lease);
      }
    }),
  );
});

it('goes as fast as the time where no clock steps, on a way that takes a while', () => {
  const engine = new Engine();
  let real = 0;
  const time = new LeaseTime({ monotonic: () => real });
  const pass = (by: number): void => {
    real += by;
    engine.wall += by;
  };
  const begun = engine.wall;
  for (let n = 0; n < 1_000; n += 1) {
    pass(1_000);
    const asked = time.ask();
    pass((n * 37) % 200);
    const lease = engine.tick(asked.most);
    pass((n * 53) % 200);
    time.hear(asked, lease);
  }
  expect(engine.ticked - begun).toBeGreaterThan(real - 1_000);
});

it('is taken anew when this process stood still, and others did not', () => {
  const engine = new Engine();
  let monotonic = 0;
  const time = new LeaseTime({ monotonic: () => monotonic });
  time.hear(time.ask(), engine.tick(null));
  // Suspended for an hour, in which others tick.
  engine.wall += HOUR;
  engine.tick(null);
  const begun = engine.wall;
  for (let n = 0; n < 4; n += 1) {
    const asked = time.ask();
    time.hear(asked, engine.tick(asked.most));
    engine.wall += 1_000;
    monotonic += 1_000;
  }
  expect(engine.ticked).toBe(begun + 3_000);
});
