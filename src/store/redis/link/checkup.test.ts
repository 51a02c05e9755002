import { expect, test } from 'vitest';
import { checkRedis } from './checkup.ts';
import type { Finding } from '../../../domain/finding.ts';

const WELL = {
  redis_version: '7.4.1',
  role: 'master',
  aof_enabled: '1',
  maxmemory_policy: 'noeviction',
  used_memory: '1000000',
  maxmemory: '100000000',
};

/** A Redis that says this of itself. */
async function findings(
  info: object,
  settings: readonly (readonly string[])[] | null = [],
): Promise<readonly Finding[]> {
  const text = Object.entries({ ...WELL, ...info }).map((pair) => pair.join(':'));
  return checkRedis({
    read: async ([first]) => {
      if (first?.[0] === 'INFO') return [`# All\r\n${text.join('\r\n')}\r\n`];
      if (settings === null) throw new Error('NOPERM this user has no permissions');
      return [...settings];
    },
  });
}

const bad = async (...asked: Parameters<typeof findings>): Promise<readonly string[]> =>
  (await findings(...asked)).filter(({ level }) => level !== 'ok').map(({ check, level }) => `${check} ${level}`);

const NEVER = [
  ['save', ''],
  ['appendfsync', 'everysec'],
];

test('one that keeps what it is given has nothing wrong', async () => {
  expect(await bad({})).toEqual([]);
  expect(await bad({ maxmemory: '0' }, null)).toEqual([]);
});

test.each([
  [{ aof_enabled: '0' }, NEVER, 'persistence problem'],
  [{ aof_enabled: '0' }, null, 'persistence warning'],
  [
    {},
    [
      ['save', ''],
      ['appendfsync', 'no'],
    ],
    'persistence warning',
  ],
  [{ maxmemory_policy: 'allkeys-lru' }, [], 'eviction problem'],
  [{ used_memory: '95000000' }, [], 'memory problem'],
  [{ used_memory: '80000000' }, [], 'memory warning'],
  [{ rdb_last_bgsave_status: 'err' }, [], 'last save problem'],
  [{ role: 'slave' }, [], 'role problem'],
])('%j %j: %s', async (info, settings, words) => expect(await bad(info, settings)).toEqual([words]));

test('one that may not be asked is told so', async () => {
  const read = async (): Promise<never> => {
    throw new Error("NOPERM User x has no permissions to run the 'info' command");
  };
  expect(await checkRedis({ read })).toMatchObject([{ check: 'redis', level: 'warning' }]);
});
