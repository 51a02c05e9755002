/** How far something is that takes long: one line on the terminal that is written over and over, and goes with its end. */
import type { Session } from '../session.ts';
import { sizeOf } from './terminal.ts';
import { systemClock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';

export interface Progress {
  /** @param total of how many, if that is known. */
  readonly show: (count: number, total?: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const BAR = 30;
/** Nobody reads faster, and a terminal has better to do. */
const BETWEEN: Millis = 100;
const CLEAR = '\r\u001b[K';

export function progress({ err }: Pick<Session, 'err'>, what: string): Progress {
  if (err.isTTY !== true) return { show: () => undefined, end: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show: (count, total) => {
      const now = systemClock.monotonic();
      if (now - shownAt < BETWEEN) return;
      shownAt = now;
      err.write(CLEAR + progressLine(what, count, total).slice(0, sizeOf(err).columns - 1));
    },
    end: () => void (shownAt > Number.NEGATIVE_INFINITY && err.write(CLEAR)),
  };
}

/** `submitting ███████░░░ 70 % (700 of 1,000)`. */
export function progressLine(what: string, count: number, total?: number): string {
  const number = (value: number): string => value.toLocaleString('en');
  if (total === undefined || total === 0) return `${what} ${number(count)}`;
  const full = Math.floor((count / total) * BAR);
  const bar = '█'.repeat(full) + '░'.repeat(BAR - full);
  return `${what} ${bar} ${Math.floor((count / total) * 100)} % (${number(count)} of ${number(total)})`;
}
