/** Numbers of one kind, step by step. */

export interface Series {
  readonly name: string;
  /** Of the colour. */
  readonly class: string;
  /** Null where nobody looked. */
  readonly values: readonly (number | null)[];
}

export const sayValue = (value: number | null | undefined, words: (value: number) => string): string =>
  value === null || value === undefined ? '–' : words(value);
