import { expect, it } from 'vitest';
import { childEnvironment } from './child-environment.ts';
import type { Machine } from './machine.ts';

const machine = (env: Machine['env']): Machine => ({
  env,
  cwd: '/',
  uid: 1000,
  user: 'ann',
  home: '/home/ann',
  hostname: 'web-1',
  cpus: 1,
  timezone: 'UTC',
});

it('hands on what is usual and what is named, and nothing else', () => {
  const env = { PATH: '/bin', LANG: 'C.UTF-8', SECRET: 'x', TOKEN: 'y', JOBSCHED_PORT: '1' };
  expect(childEnvironment(machine(env), ['TOKEN', 'ABSENT'])).toEqual({
    PATH: '/bin',
    LANG: 'C.UTF-8',
    HOME: '/home/ann',
    USER: 'ann',
    LOGNAME: 'ann',
    TOKEN: 'y',
  });
});

it('gives a PATH to commands of a daemon that has none', () => {
  expect(childEnvironment(machine({}), [])['PATH']).toContain('/usr/bin');
});

it('leaves out what npm puts in front of PATH', () => {
  const npm = '/src/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/x/node_modules/y/node-gyp-bin';
  expect(childEnvironment(machine({ PATH: `${npm}:/usr/bin:/home/ann/bin` }), [])['PATH']).toBe(
    '/usr/bin:/home/ann/bin',
  );
});
