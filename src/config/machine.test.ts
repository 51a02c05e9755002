import { expect, it } from 'vitest';
import { zoneName } from './machine.ts';

it.each([
  ['Etc/Unknown', 'UTC'],
  ['+00:00', 'UTC'],
  ['Etc/UTC', 'UTC'],
  ['UTC', 'UTC'],
  ['Europe/London', 'Europe/London'],
])('a machine in the zone %s goes by %s', (id, name) => {
  expect(zoneName(id)).toBe(name);
});
