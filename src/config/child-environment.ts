/** The environment that commands start from: never the daemon's own, which holds secrets (design section 6). */
import type { Machine } from './machine.ts';

const USUAL = ['PATH', 'HOME', 'LANG', 'TZ', 'USER', 'SHELL', 'LOGNAME'] as const;
/** What Debian gives a login shell, for a daemon started with nothing. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What npm and npx put in front of PATH is theirs: a command shall not find other tools because of how we were started. */
const NPMS_OWN = /\/node_modules\/(\.bin|.*\/node-gyp-bin)\/?$/;

function withoutNpms(path: string): string {
  return path
    .split(':')
    .filter((folder) => !NPMS_OWN.test(folder))
    .join(':');
}

/** @param passEnv further variables of this process to hand on. */
export function childEnvironment(machine: Machine, passEnv: readonly string[]): Readonly<Record<string, string>> {
  const passed = [...USUAL, ...passEnv].flatMap((name) => {
    const value = machine.env[name];
    return value === undefined ? [] : [[name, name === 'PATH' ? withoutNpms(value) : value] as const];
  });
  return {
    PATH,
    HOME: machine.home,
    USER: machine.user,
    LOGNAME: machine.user,
    ...Object.fromEntries(passed),
  };
}
