import { expect, it, vi } from 'vitest';
import { thisMachine, zoneName } from './machine.ts';

it.each([
  ['Etc/Unknown', 'UTC'],
  ['+00:00', 'UTC'],
  ['Etc/UTC', 'UTC'],
  ['UTC', 'UTC'],
  ['Europe/London', 'Europe/London'],
])('a machine in the zone %s goes by %s', (id, name) => {
  expect(zoneName(id)).toBe(name);
});

it('a folder that is gone is told as such', () => {
  const cwd = vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw new Error('ENOENT: no such file or directory, uv_cwd');
  });
  expect(thisMachine).toThrow(expect.objectContaining({ code: 'invalid_config', hint: 'Go to one that is there: cd' }));
  cwd.mockRestore();
});
