/** Opens the store on Redis and starts on it what works there; if so wished, waits until that can be. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND, type Millis } from '../domain/instant.ts';
import { JobschedError, messageOf, type ErrorCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import { openStore, type RedisLocation } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { startOnStore } from './daemon.ts';
import { redisAddressOf, type RedisSettings } from './redis-address.ts';
import { withAuthority } from './redis-ca.ts';

const AGAIN: Millis = SECOND;

interface RedisWishes {
  readonly settings: RedisSettings & {
    readonly redisCa: string | null;
    readonly redisPrefix: string;
    readonly durability: 'engine' | 'replica';
    readonly wait: boolean;
  };
  readonly logger: Logger;
}

/** What passes by itself, or when somebody mends it. */
const WAITS_FOR: ReadonlySet<ErrorCode> = new Set(['engine_unavailable', 'engine_read_only', 'engine_full']);

/**
 * @param start starts on the store what is to work on it; the store is closed when that throws.
 * @throws JobschedError for what is in the way of either; with `--wait` only for what no waiting mends.
 */
export async function startOnRedis<Started>(
  { settings, logger }: RedisWishes,
  start: (store: Store) => Promise<Started>,
): Promise<Started> {
  const location: RedisLocation = {
    kind: 'redis',
    address: await withAuthority(redisAddressOf(settings), settings.redisCa),
    prefix: settings.redisPrefix,
    durability: settings.durability,
    report: (fault) => report(logger, fault),
    recovered: (news) => logger.info(news),
  };
  const begin = async (): Promise<Started> => startOnStore(await openStore(location), start);
  return settings.wait ? whenThere(begin, logger) : begin();
}

/** Says once what it waits for, and again when that has become something else. */
async function whenThere<Started>(begin: () => Promise<Started>, logger: Logger): Promise<Started> {
  let waitsFor: string | null = null;
  for (;;) {
    try {
      const started = await begin();
      if (waitsFor !== null) logger.info('Redis is there');
      return started;
    } catch (error) {
      if (!(error instanceof JobschedError && WAITS_FOR.has(error.code))) throw error;
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
