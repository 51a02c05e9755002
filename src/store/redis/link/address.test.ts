import { expect, test } from 'vitest';
import { describe as told, redisAddress, urlWithoutPassword } from './address.ts';

test.each([
  ['redis://h', { kind: 'single', hosts: [{ host: 'h', port: 6379 }], tls: false, user: null, password: null, db: 0 }],
  ['rediss://u:p@h:1/3', { tls: true, user: 'u', password: 'p', db: 3, hosts: [{ host: 'h', port: 1 }] }],
  ['redis://p%40ss%2F@h', { user: null, password: 'p@ss/' }],
  ['redis://:p@h', { user: null, password: 'p' }],
  ['redis://u%3Ax:@h', { user: 'u:x', password: '' }],
  ['redis://@h', { user: null, password: null }],
  ['redis://[::1]:7000', { hosts: [{ host: '::1', port: 7000 }] }],
  [
    'redis-sentinel://p@a,b:5/2#main',
    { kind: 'sentinel', master: 'main', db: 2, hosts: [host('a', 26379), host('b', 5)] },
  ],
  ['redis-sentinel://a', { kind: 'sentinel', master: 'mymaster' }],
  ['rediss-cluster://p@a:7000,b', { kind: 'cluster', tls: true, hosts: [host('a', 7000), host('b', 6379)] }],
])('reads %s', (text, expected) => {
  expect(redisAddress(text)).toMatchObject(expected);
});

test.each([
  ['http://h', 'it does not look like'],
  ['redis://a,b', 'several hosts'],
  ['redis://h:0', '"h:0" is no host and port'],
  ['redis://h:65536', 'is no host and port'],
  ['redis://a:b:c', 'is no host and port'],
  ['redis-cluster://h/1', 'only database 0'],
  ['redis://h#main', 'only redis-sentinel: has a master'],
  ['redis://%zz@h', 'begins no percent-encoding'],
])('refuses %s', (text, why) => {
  expect(() => redisAddress(text)).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  expect(() => redisAddress(text)).toThrow(why);
});

test('never shows a password', () => {
  for (const text of ['redis://u:s3cret@a,b', 'http://u:s3cret@h', 'redis://u:s3cret%zz@h', 'redis://u:s3cret@h#x']) {
    const hidden = expect.not.stringContaining('s3cret') as unknown;
    expect(() => redisAddress(text)).toThrow(expect.objectContaining({ message: hidden }));
  }
  expect(told(redisAddress('redis://u:s3cret@h'))).toBe('h:6379');
});

test.each([
  ['redis://[::1]:7000/2', '[::1]:7000, database 2'],
  ['redis-sentinel://a,b#main', 'main of the Sentinels a:26379, b:26379'],
  ['redis-cluster://a:1,b:2', 'the cluster of a:1, b:2'],
])('says where %s is', (text, where) => {
  expect(told(redisAddress(text))).toBe(where);
});

function host(name: string, port: number): object {
  return { host: name, port };
}

test.each([
  ['redis://:p@h', 'redis://h:6379'],
  ['rediss://u%3Ax:p@[::1]:1/3', 'rediss://u%3Ax@[::1]:1/3'],
  ['redis-sentinel://p@a,b:5/2#main', 'redis-sentinel://a:26379,b:5/2#main'],
  ['rediss-cluster://p@a:7000,b', 'rediss-cluster://a:7000,b:6379'],
])('writes %s without its password', (text, url) => {
  expect(urlWithoutPassword(redisAddress(text))).toBe(url);
});
