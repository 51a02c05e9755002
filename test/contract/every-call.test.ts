/** Every method of the store, sent twice: nobody is to notice. */
import { describe, expect, it } from 'vitest';
import { ENGINES, type Engine } from './engines.ts';
import { CHANGING, EVERY_CALL, sceneOn, type Scene } from './every-call.ts';
import { dump } from './machine/snapshot.ts';

for (const engine of ENGINES) {
  describe(`every call (${engine.name})`, () => {
    it('is known here', async () => {
      const opened = await engine.open();
      try {
        const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(opened.store));
        expect(methods.filter((name) => name !== 'constructor').toSorted()).toEqual(Object.keys(EVERY_CALL).toSorted());
      } finally {
        await opened.dispose();
      }
    });

    it.for(CHANGING)('$method: a second one changes nothing', async ({ call }) => {
      const [nothing, once, twice] = [
        await shown(engine, call, 0),
        await shown(engine, call, 1),
        await shown(engine, call, 2),
      ];
      expect(twice).toEqual(once);
      // What stays the same anyhow shows nothing. A renewal moves a deadline, a request's key is kept for later, and of
      // sessions there is no list: none of it is shown.
      if (HIDDEN.has(call)) expect(once).toEqual(nothing);
      else expect(once).not.toEqual(nothing);
    });
  });
}

const HIDDEN: ReadonlySet<unknown> = new Set([
  EVERY_CALL.renew,
  EVERY_CALL.rememberRequest,
  EVERY_CALL.openSession,
  EVERY_CALL.closeSession,
]);

/** What the store shows after so many calls. */
async function shown(
  engine: Engine,
  call: (scene: Scene) => Promise<() => Promise<unknown>>,
  times: number,
): Promise<object> {
  const opened = await engine.open();
  try {
    const send = await call(sceneOn(opened));
    for (let time = 0; time < times; time++) await send();
    return await dump(opened.store);
  } finally {
    await opened.dispose();
  }
}
