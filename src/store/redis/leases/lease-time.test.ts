/** Lease time by a clock that does not step: never faster than real time, and not slower for long. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR } from '../../../domain/instant.ts';
import { LeaseTime, type Answer, type Asked } from './lease-time.ts';

/** As lua/lib/leases.lua: Redis's clock, held to what the tick says. */
class Engine {
  wall = 1_000_000;
  shift = 0;
  ticked = 0;

  tick({ most, excess }: Pick<Asked, 'most' | 'excess'>): Answer {
    if (excess !== null && excess.shift === this.shift) this.shift -= excess.by;
    const now = this.wall + this.shift;
    const decided = most === null ? now : Math.min(now, Math.max(most, this.ticked));
    this.ticked = decided;
    return { now: this.wall, shift: this.shift, decided };
  }
}

const OTHERS = { most: null, excess: null };

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
        const answer = engine.tick(asked);
        const lease = answer.decided;
        began ??= { lease, real };
        expect(lease - began.lease).toBeLessThanOrEqual(real - began.real + 1_000);
        pass(back);
        time.hear(asked, answer);
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
    pass((n * 370) % 2_000);
    const answer = engine.tick(asked);
    pass((n * 530) % 2_000);
    time.hear(asked, answer);
  }
  expect(engine.shift).toBeGreaterThan(-1_000);
  expect(engine.ticked - begun).toBeGreaterThan(real - 5_000);
});

it('is taken anew when this process stood still, and others did not', () => {
  const engine = new Engine();
  let monotonic = 0;
  const time = new LeaseTime({ monotonic: () => monotonic });
  time.hear(time.ask(), engine.tick(OTHERS));
  // Suspended for an hour, in which others tick.
  engine.wall += HOUR;
  engine.tick(OTHERS);
  const begun = engine.wall;
  for (let n = 0; n < 4; n += 1) {
    const asked = time.ask();
    time.hear(asked, engine.tick(asked));
    engine.wall += 1_000;
    monotonic += 1_000;
  }
  expect(engine.ticked).toBe(begun + 3_000);
});
