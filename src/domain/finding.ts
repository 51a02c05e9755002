/** One thing that was looked at, by whoever could see it: what is found, and what to do about it. */
export const FINDING_LEVELS = ['ok', 'warning', 'problem'] as const;

export interface Finding {
  /** What was looked at: `persistence`, `clock`. */
  readonly check: string;
  /** `problem`: something does not work, or jobs can be lost. */
  readonly level: (typeof FINDING_LEVELS)[number];
  /** What is so, in a sentence. */
  readonly message: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
}

export const fine = (check: string, message: string): Finding => ({ check, level: 'ok', message, remedy: null });

export const warning = (check: string, message: string, remedy: string): Finding => ({
  check,
  level: 'warning',
  message,
  remedy,
});

export const problem = (check: string, message: string, remedy: string): Finding => ({
  check,
  level: 'problem',
  message,
  remedy,
});
