/** The measures that cli-table3 itself uses: widths in terminal columns, colours not counted. */
declare module 'cli-table3/src/utils.js' {
  // CommonJS: a bundle knows only all of it, as its default export.
  const utils: {
    /** The width of the widest line. */
    readonly strlen: (text: string) => number;
    /** At most so wide, the last column an ellipsis when something was cut. */
    readonly truncate: (text: string, width: number) => string;
    /** At least so wide, filled up with this character on the right; what is wider stays as it is. */
    readonly pad: (text: string, width: number, filler: string) => string;
  };
  export default utils;
}
