/**
 * The memory for all bodies under way. The first bytes of each are not counted, so that a few who send much and slowly
 * leave the many in who send a job.
 */
import { JobschedError } from '../../errors.ts';

/** Of each body, without being counted: any job that people write by hand. */
const FREE_BYTES = 64 * 2 ** 10;

/** What one body holds of the budget. */
export interface Allowance {
  /** @returns false when that much is not left; then nothing more is held. */
  grow(bytes: number): boolean;
  /** Once, when the body is no longer held. */
  release(): void;
}

export interface BodyBudget {
  /** @param free bytes of it that are not counted. Default: 64 KiB. */
  open(free?: number): Allowance;
}

/** @param most bytes of all bodies together. */
export function createBodyBudget(most: number): BodyBudget {
  let held = 0;
  return {
    open: (free = FREE_BYTES) => {
      let size = 0;
      let counted = 0;
      return {
        grow: (bytes) => {
          const more = Math.max(0, size + bytes - free) - counted;
          if (held + more > most) return false;
          size += bytes;
          held += more;
          counted += more;
          return true;
        },
        release: () => {
          held -= counted;
          counted = 0;
        },
      };
    },
  };
}

/** What is answered to a body for which nothing is left. */
export function tooManyBodies(): JobschedError {
  return new JobschedError('too_many_requests', 'too many large bodies are under way', {
    hint: 'Send it again in a moment.',
  });
}
