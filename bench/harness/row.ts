/**
 * A row of the table: one thing that is measured, on several sides that do the same work, ours among them.
 *
 * Each side is measured in a process of its own (`side.ts`), on an empty Redis, in turn with the others: A B A B …, so
 * that a machine which becomes faster or slower meanwhile does so for all of them.
 */

/** What one measurement gave: by names that the row chooses, in units that it names. */
export interface Figures {
  readonly values: Readonly<Record<string, number>>;
  /** What processes used meanwhile, in cores: 0.5 is half a core. */
  readonly cores?: Readonly<Record<string, number>>;
}

export interface Context {
  readonly redis: { readonly port: number; readonly pid: number; readonly url: string };
  /** How much of the usual work to do: 1, and less with `--quick`. */
  readonly scale: number;
}

export type Side = (context: Context) => Promise<Figures>;

/** The medians of a side's values over the rounds. */
export type Medians = (side: string, value: string) => number;

/** One line of the table. */
export interface Line {
  readonly what: string;
  readonly goal: string;
  /** Whom we are held against, with its number. */
  readonly reference: string;
  readonly ours: string;
  /** Ours to the reference's. */
  readonly ratio: string;
  /** Null: nothing was promised; the line is there to compare. */
  readonly reached: boolean | null;
}

export interface Row {
  /** One sentence or two: what is done, what is counted. Goes into the report. */
  readonly how: string;
  readonly sides: Readonly<Record<string, Side>>;
  /** Whether it is measured on a Redis with an append-only file as well. */
  readonly alsoDurable?: boolean;
  /** Measured once, however many rounds are asked for. */
  readonly once?: boolean;
  readonly lines: (medians: Medians) => readonly Line[];
}
