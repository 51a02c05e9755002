import type { Clock } from '../../clock.ts';

export interface SqliteOptions {
  /** The database file; it and its folder are made when missing. */
  readonly file: string;
  /** The engine's clock. */
  readonly clock: Clock;
  /** Takes bugs that no caller is told of, such as a listener that throws. Default: a warning of the process. */
  readonly report?: (fault: unknown) => void;
}
