/** A server that is away while a run is followed. What is back within a moment, as when it is restarted, is not worth a word. */
import { awayLine, BACK_LINE } from '../live/away.ts';
import type { JobschedError } from '../../client/client.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';

export interface Outage {
  /** Of a try that failed, or null: it answers again. */
  readonly tell: (error: JobschedError | null) => void;
  /** Whether it is away, said or not. */
  readonly isNow: () => boolean;
  /** Nothing is said any more. */
  readonly end: () => void;
}

const WORTH_A_WORD: Millis = 1.5 * SECOND;

export function createOutage(say: (line: string) => void): Outage {
  let error: JobschedError | null = null;
  let isSaid = false;
  let timer: NodeJS.Timeout | null = null;
  const end = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    tell: (news) => {
      error = news;
      if (news === null) {
        end();
        if (isSaid) say(BACK_LINE);
        isSaid = false;
        return;
      }
      if (isSaid || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        isSaid = true;
        say(awayLine(error ?? news));
      }, WORTH_A_WORD);
    },
    isNow: () => error !== null,
    end,
  };
}
