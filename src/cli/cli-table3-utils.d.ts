/** The measures that cli-table3 itself uses: widths in terminal columns, colours not counted. */
declare module 'cli-table3/src/utils.js' {
  /** The width of the widest line. */
  export function strlen(text: string): number;
  /** At most so wide, the last column an ellipsis when something was cut. */
  export function truncate(text: string, width: number): string;
}
