import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostQueue, LONGEST_WORKER_NAME, QUEUE_NAME, WORKER_NAME, workerNameOf } from './queue.ts';

describe('the name of a queue', () => {
  it.each(['default', 'gpu', '0', 'a_b.c-d', 'x'.repeat(64), 'host:web-1', `host:${'x'.repeat(253)}`])(
    'may be %s',
    (name) => expect(name).toMatch(QUEUE_NAME),
  );

  it.each(['', '-a', '.a', '_a', 'a b', 'a,b', 'a:b', 'a\n', 'é', 'x'.repeat(65)])('may not be %j', (name) =>
    expect(name).not.toMatch(QUEUE_NAME),
  );

  it.each(['host:', 'host:-a', 'host:a b', 'host:a:b', 'HOST:a', `host:${'x'.repeat(254)}`])(
    'may not be %j, which names no worker',
    (name) => expect(name).not.toMatch(QUEUE_NAME),
  );
});

describe('the name of a worker', () => {
  it('can always be written behind host:, and nothing else can', () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(WORKER_NAME), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(anything, (name) => {
        expect(QUEUE_NAME.test(hostQueue(name))).toBe(WORKER_NAME.test(name));
      }),
    );
  });

  it('can be made of every host name, and is that where it can be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (hostname) => {
        expect(workerNameOf(hostname)).toMatch(WORKER_NAME);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(WORKER_NAME), (name) => {
        expect(workerNameOf(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['Anns-MacBook.local', 'Anns-MacBook.local'],
    ["Ann's  MacBook", 'Ann-s-MacBook'],
    ['_build', 'build'],
    ['büro', 'b-ro'],
    ['机器', 'worker'],
    ['', 'worker'],
    ['x'.repeat(300), 'x'.repeat(LONGEST_WORKER_NAME)],
  ])('of the machine %j is %j', (hostname, name) => expect(workerNameOf(hostname)).toBe(name));
});
