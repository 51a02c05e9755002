/** The settings that say where Redis is, as the store takes them. */
import type { Settings } from '../config/settings.ts';
import { redisAddress, type RedisAddress } from '../store/open.ts';

export type RedisSettings = Pick<
  Settings,
  | 'redisAddr'
  | 'redisDb'
  | 'redisUser'
  | 'redisPass'
  | 'redisUrl'
  | 'redisTls'
  | 'redisSentinel'
  | 'redisSentinelMaster'
  | 'redisSentinelPass'
  | 'redisCluster'
>;

/** @throws JobschedError `invalid_config`, which shows nothing that may be a password. */
export function redisAddressOf(settings: RedisSettings): RedisAddress {
  const address = redisAddress(settings.redisUrl ?? urlOf(settings));
  const { redisSentinelPass: sentinelPassword } = settings;
  return sentinelPassword === null ? address : { ...address, sentinelPassword };
}

function urlOf(settings: RedisSettings): string {
  const { redisAddr, redisDb, redisSentinel, redisSentinelMaster, redisCluster } = settings;
  const scheme = settings.redisTls ? 'rediss' : 'redis';
  const login = loginOf(settings);
  if (redisCluster.length > 0) return `${scheme}-cluster://${login}${redisCluster.join(',')}`;
  if (redisSentinel.length === 0) return `${scheme}://${login}${redisAddr}/${redisDb}`;
  return `${scheme}-sentinel://${login}${redisSentinel.join(',')}/${redisDb}#${redisSentinelMaster}`;
}

function loginOf({ redisUser, redisPass }: RedisSettings): string {
  if (redisUser === null && redisPass === null) return '';
  return `${encodeURIComponent(redisUser ?? '')}:${encodeURIComponent(redisPass ?? '')}@`;
}
