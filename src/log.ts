/** Structured logs: one line an event, with job and run ids as fields. Pretty on a terminal, JSON elsewhere. */
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { JobschedError } from './errors.ts';
import { systemClock } from './clock.ts';

export type { Logger };
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A logger to stdout. A pretty stream rather than pino's transport: that is a thread, which a single binary cannot start. */
export function createLogger(options: { readonly level: LogLevel; readonly pretty: boolean }): Logger {
  const settings = { level: options.level, base: null, timestamp: pinoTime, serializers: { err: describe } };
  return options.pretty
    ? pino(settings, pretty({ colorize: true, translateTime: 'HH:MM:ss.l', sync: true }))
    : pino(settings);
}

/** The world's troubles need no stack; a bug does. */
function describe(error: unknown): unknown {
  if (error instanceof JobschedError) return { code: error.code, message: error.message };
  return error instanceof Error ? pino.stdSerializers.err(error) : error;
}

const pinoTime = (): string => `,"time":"${new Date(systemClock.now()).toISOString()}"`;
