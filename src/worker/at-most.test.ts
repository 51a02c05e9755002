import { it } from 'vitest';
import { atMost } from './at-most.ts';

const NEVER = new Promise<never>(() => {});
const LONG = 1e12;

it('ends with the promise, however that ends', async () => {
  await atMost(LONG, Promise.resolve());
  await atMost(LONG, Promise.reject(new Error('no matter')));
});

it('ends with the time', async () => {
  await atMost(1, NEVER);
});

it('ends with the signal, also one that was given before', async () => {
  const controller = new AbortController();
  const waiting = atMost(LONG, NEVER, controller.signal);
  controller.abort();
  await waiting;
  await atMost(LONG, NEVER, controller.signal);
});
