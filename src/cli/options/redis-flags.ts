/** Which Redis a command line means, said again. */
import type { Flags } from '../../config/load.ts';

/** Flags that lead to a Redis and are no secret. */
const SHOWN = {
  redisAddr: '--redis-addr',
  redisDb: '--redis-db',
  redisUser: '--redis-user',
  redisUrl: '--redis-url',
  redisTls: '--redis-tls',
  redisCa: '--redis-ca',
  redisSentinel: '--redis-sentinel',
  redisSentinelMaster: '--redis-sentinel-master',
  redisCluster: '--redis-cluster',
  redisPrefix: '--redis-prefix',
} as const;

/** The Redis of a command line as flags, for the next command that somebody types: without secrets. */
export function redisFlags(flags: Flags): readonly string[] {
  return Object.entries(SHOWN).flatMap(([name, flag]) => {
    const value = flags[name];
    if (value === true) return [flag];
    const words = Array.isArray(value) ? value : [value];
    return words.flatMap((word) => (typeof word === 'string' ? [flag, withoutPassword(word)] : []));
  });
}

/** Of a URL the user stays: who types the next command has to add the password, best as a variable. */
function withoutPassword(word: string): string {
  return word.replace(/^(rediss?(?:-[a-z]+)?:\/\/[^/@:]*):[^/]*@/, '$1@').replace('://@', '://');
}
