/** Structured logs: one line an event, with job and run ids as fields. Pretty on a terminal, JSON elsewhere. */
import { pino, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { JobschedError } from './errors.ts';
import { systemClock } from './clock.ts';
import { LogLines } from './log-lines.ts';

export type { Logger };
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const STDOUT = 1;

/**
 * A logger to stdout that never holds the process up. pino's own destinations will not do: they write in the event loop's
 * turn, or try a full disk again for ever when the process wants to end; and its transports are threads, which a single
 * binary cannot start.
 */
export function createLogger(options: { readonly level: LogLevel; readonly pretty: boolean }): Logger {
  const lines = new LogLines(STDOUT);
  process.once('exit', () => lines.flush());
  const settings = { level: options.level, base: null, timestamp: pinoTime, serializers: { err: describe } };
  if (!options.pretty) return pino(settings, lines);
  const prettify = prettyFactory({ colorize: true, translateTime: 'HH:MM:ss', singleLine: true });
  return pino(settings, { write: (line: string) => lines.write(prettify(line)) });
}

/** The world's troubles need no stack; a bug does. */
function describe(error: unknown): unknown {
  if (error instanceof JobschedError) return { code: error.code, message: error.message };
  return error instanceof Error ? pino.stdSerializers.err(error) : error;
}

let lastTime = { at: Number.NaN, text: '' };

/** As pino wants it. Kept for the lines of the same millisecond: to write a date takes as long as a short line. */
function pinoTime(): string {
  const now = systemClock.now();
  if (now !== lastTime.at) lastTime = { at: now, text: `,"time":"${new Date(now).toISOString()}"` };
  return lastTime.text;
}
