import { expect, test } from 'vitest';
import { redisFlags } from './redis-flags.ts';

test.each([
  [{}, ''],
  [{ redisAddr: 'r:1', redisDb: '3', redisPass: 'x', port: '9' }, '--redis-addr r:1 --redis-db 3'],
  [{ redisSentinel: ['a:1', 'b:2'], redisTls: true }, '--redis-tls --redis-sentinel a:1 --redis-sentinel b:2'],
  [{ redisUrl: 'redis://:secret@r:1/2' }, '--redis-url redis://r:1/2'],
  [{ redisUrl: 'rediss-cluster://me:secret@r:1' }, '--redis-url rediss-cluster://me@r:1'],
  [{ redisUrl: 'redis://me:se@cr:et@r:1/2' }, '--redis-url redis://me@r:1/2'],
  [{ redisUrl: 'redis://r:1' }, '--redis-url redis://r:1'],
])('%j is said again without its secrets', (flags, said) => {
  expect(redisFlags(flags).join(' ')).toBe(said);
});
