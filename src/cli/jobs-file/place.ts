/** Where something stands in a file: both from 1, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}
