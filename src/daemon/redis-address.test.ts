import { expect, test } from 'vitest';
import { redisAddressOf, type RedisSettings } from './redis-address.ts';

const USUAL: RedisSettings = {
  redisAddr: 'localhost:6379',
  redisDb: 0,
  redisUser: null,
  redisPass: null,
  redisUrl: null,
  redisTls: false,
  redisSentinel: [],
  redisSentinelMaster: 'mymaster',
  redisSentinelPass: null,
  redisCluster: [],
};

const of = (fields: Partial<RedisSettings>) => redisAddressOf({ ...USUAL, ...fields });

test('one server', () => {
  expect(of({})).toMatchObject({ kind: 'single', hosts: [{ host: 'localhost', port: 6379 }], tls: false, db: 0 });
  expect(of({ redisAddr: '[::1]:7', redisDb: 3 })).toMatchObject({ hosts: [{ host: '::1', port: 7 }], db: 3 });
  expect(of({ redisTls: true })).toMatchObject({ tls: true });
});

test('who logs in, whatever the password holds', () => {
  const odd = 'a:b/c?d#e%f@g h';
  expect(of({ redisPass: odd })).toMatchObject({ user: null, password: odd });
  expect(of({ redisUser: 'js', redisPass: odd })).toMatchObject({ user: 'js', password: odd });
});

test('a URL says all by itself', () => {
  const address = of({ redisUrl: 'rediss://js:secret@far:1/2' });
  expect(address).toMatchObject({
    tls: true,
    user: 'js',
    password: 'secret',
    db: 2,
    hosts: [{ host: 'far', port: 1 }],
  });
});

test('Sentinels and clusters', () => {
  const hosts = ['a:1', 'b:2'];
  expect(of({ redisSentinel: hosts, redisDb: 2, redisSentinelPass: 'x' })).toMatchObject({
    kind: 'sentinel',
    master: 'mymaster',
    db: 2,
    sentinelPassword: 'x',
    hosts: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ],
  });
  expect(of({ redisCluster: hosts })).toMatchObject({ kind: 'cluster', db: 0 });
});
