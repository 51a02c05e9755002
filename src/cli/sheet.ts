/** Labels and values below each other: how `get` shows one thing. */
import { escapeLine } from './format/escape.ts';
import type { Paint } from './paint.ts';

/** A label with its value; null leaves the line out. */
export type SheetLine = readonly [label: string, value: string | null];

/** Values are made harmless and cut at nothing: a long command is there to be read. Ends with a line feed. */
export function formatSheet(lines: readonly SheetLine[], paint: Paint): string {
  const shown = lines.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  return shown.map(([label, value]) => `  ${paint.quiet(label.padEnd(width))}  ${escapeLine(value ?? '')}\n`).join('');
}
