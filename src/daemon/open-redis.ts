/** Opens the store on Redis, and if so wished waits until there is one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND, type Millis } from '../domain/instant.ts';
import { JobschedError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { openStore, type RedisLocation } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { redisAddressOf, type RedisSettings } from './redis-address.ts';
import { withAuthority } from './redis-ca.ts';

const AGAIN: Millis = SECOND;

interface RedisWishes {
  readonly settings: RedisSettings & {
    readonly redisCa: string | null;
    readonly redisPrefix: string;
    readonly wait: boolean;
  };
  readonly logger: Logger;
}

/** @throws JobschedError for what is in the way; with `--wait` only for what no waiting mends. */
export async function openRedis({ settings, logger }: RedisWishes): Promise<Store> {
  const location: RedisLocation = {
    kind: 'redis',
    address: await withAuthority(redisAddressOf(settings), settings.redisCa),
    prefix: settings.redisPrefix,
    report: (fault) => report(logger, fault),
    recovered: () => logger.info('Redis is there again'),
  };
  return settings.wait ? openWhenThere(location, logger) : openStore(location);
}

/** Says once what it waits for, and again when that has become something else. */
async function openWhenThere(location: RedisLocation, logger: Logger): Promise<Store> {
  let waitsFor: string | null = null;
  for (;;) {
    try {
      const store = await openStore(location);
      if (waitsFor !== null) logger.info('Redis is there');
      return store;
    } catch (error) {
      if (!(error instanceof JobschedError) || error.code !== 'engine_unavailable') throw error;
      if (error.message !== waitsFor) logger.warn({ err: error }, `waiting for Redis: ${error.message}`);
      waitsFor = error.message;
      await sleep(AGAIN);
    }
  }
}

/** A bug with its stack; what the world does to us as a sentence. */
function report(logger: Logger, fault: unknown): void {
  if (fault instanceof JobschedError) logger.warn({ code: fault.code, hint: fault.hint }, messageOf(fault));
  else logger.error({ err: fault }, 'the store met a bug');
}
