/** Settings of what works on Redis: `serve` and `worker`. */
import { z } from 'zod';
import { setting } from './setting.ts';
import { address, integer, list, oneOf, onOff, text } from './values.ts';

/** What `--redis-url` says by itself. */
const IN_URL = ['redisAddr', 'redisDb', 'redisUser', 'redisPass', 'redisTls', 'redisSentinel', 'redisCluster'];

const URL_FORM = /^rediss?(-sentinel|-cluster)?:\/\/[^\s]+$/;

export const REDIS_SETTINGS = {
  redisAddr: setting({
    schema: address(),
    fallback: () => 'localhost:6379',
    placeholder: '<host:port>',
    help: 'Where Redis is.',
    excludes: ['redisSentinel', 'redisCluster'],
  }),
  redisDb: setting({
    schema: integer(0, 1_000_000),
    fallback: () => 0,
    placeholder: '<number>',
    help: 'Which of its databases.',
  }),
  redisUser: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<name>',
    help: "The user that logs in to Redis, where it has users of its own (ACL). Without it, Redis's default user.",
  }),
  redisPass: setting<string | null>({
    // The empty one is none: so said the system that this one replaces.
    schema: z.union([z.literal('').transform(() => null), text()]),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<password>',
    secret: true,
    help: 'Its password. As a flag everyone on this machine can see it in `ps`: better use the variable, or the one with _FILE.',
  }),
  redisUrl: setting<string | null>({
    schema: text().refine((url) => URL_FORM.test(url), 'must look like redis://user:password@host:6379/0'),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<url>',
    secret: true,
    help: 'All of that in one: redis://user:password@host:6379/0, or rediss:// for TLS. Excludes the flags that say the same.',
    excludes: IN_URL,
  }),
  redisTls: setting({
    schema: onOff(),
    fallback: () => false,
    fallbackWords: 'off',
    placeholder: null,
    help: 'Talk TLS to Redis. With an authority of your own: --redis-ca.',
  }),
  redisCa: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: 'those that Node knows',
    placeholder: '<file>',
    help: 'The certificate of the authority that signed those of Redis, in PEM, for TLS: then it alone is trusted.',
  }),
  redisSentinel: setting<readonly string[]>({
    schema: list(address()),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<host:port>',
    help: 'Sentinels that know where Redis is. May be repeated.',
    excludes: ['redisCluster'],
  }),
  redisSentinelMaster: setting({
    schema: text(),
    fallback: () => 'mymaster',
    placeholder: '<name>',
    help: 'The name by which the Sentinels know it.',
  }),
  redisSentinelPass: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<password>',
    secret: true,
    help: "The Sentinels' own password, where they want one.",
  }),
  redisCluster: setting<readonly string[]>({
    schema: list(address()),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<host:port>',
    help: 'Some members of a Redis Cluster; they know the others. May be repeated.',
    excludes: ['redisDb'],
  }),
  redisPrefix: setting({
    schema: text().refine((word) => /^[A-Za-z0-9_.:-]{1,64}$/.test(word), 'must be 1 to 64 of A-Z a-z 0-9 _ . : -'),
    fallback: () => 'js',
    placeholder: '<word>',
    help: 'What all keys begin with, so that several installations can share a Redis.',
  }),
  durability: setting({
    schema: oneOf(['engine', 'replica']),
    fallback: () => 'engine' as const,
    placeholder: '<engine|replica>',
    help: 'When something is acknowledged: "engine", when Redis has it; "replica", when a replica of it has it too, so that a failover loses none of it.',
  }),
  wait: setting({
    schema: onOff(),
    fallback: () => false,
    fallbackWords: 'off',
    placeholder: null,
    help: 'When Redis does not answer at the start, or does not let it in or work yet, keep trying rather than exit with 1.',
  }),
} as const;
