/** Text that is too long for a line, in several. */

/**
 * Broken between words where that is possible, else within one.
 *
 * @param width the most columns a line may take, at least 2, which is what the widest characters take.
 * @param widthOf the columns that a text takes on a terminal.
 */
export function wrap(text: string, width: number, widthOf: (text: string) => number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    if (widthOf(line + character) <= width) {
      line += character;
      continue;
    }
    const [full, rest] = character === ' ' ? [line, ''] : breakLine(line);
    lines.push(full.trimEnd());
    line = character === ' ' ? '' : rest + character;
  }
  return line === '' ? lines : [...lines, line];
}

/** What stays in a full line, and what goes to the next: its last word, unless it is all there is. */
function breakLine(line: string): readonly [full: string, rest: string] {
  const at = line.lastIndexOf(' ');
  return at < 1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
