import { expect, it } from 'vitest';
import { createOpenStreams } from './open-streams.ts';

const TOO_MANY = expect.objectContaining({ code: 'too_many_requests' }) as Error;

it('leaves others their places, whoever takes many: one key from many addresses, or one address with many keys', () => {
  const streams = createOpenStreams({ most: 4, mostOfOne: 2 });
  const ofKey = [1, 2].map((host) => streams.open('events', [`192.0.2.${host}`, 'key ci']));
  expect(() => streams.open('events', ['192.0.2.3', 'key ci'])).toThrow(TOO_MANY);
  streams.open('events', ['192.0.2.1', 'key other']);
  expect(() => streams.open('events', ['192.0.2.1', 'key third'])).toThrow(TOO_MANY);
  // Of the other kind, and for others, there is room, as long as there is any.
  streams.open('output', ['192.0.2.1', 'key ci']);
  streams.open('events', ['192.0.2.4']);
  expect(() => streams.open('events', ['192.0.2.5'])).toThrow(TOO_MANY);
  // What is closed twice gives back one place.
  ofKey[0]?.close();
  ofKey[0]?.close();
  streams.open('events', ['192.0.2.6', 'key ci']);
  expect(() => streams.open('events', ['192.0.2.7'])).toThrow(TOO_MANY);
  ofKey[1]?.close();
  streams.open('events', ['192.0.2.7']);
});

it('ends all of them with the server', () => {
  const streams = createOpenStreams({ most: 4, mostOfOne: 2 });
  const { stopping } = streams.open('events', []);
  streams.stop();
  expect(stopping.aborted).toBe(true);
  expect(streams.stopped).toBe(true);
  expect(() => streams.open('events', [])).toThrow(expect.objectContaining({ code: 'shutting_down' }) as Error);
});
