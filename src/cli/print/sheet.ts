/** Labels and values below each other: how `get` shows one thing. */
import { escapeLine } from '../format/escape.ts';
import { wrap } from '../format/wrap.ts';
import type { Paint } from './paint.ts';

/** A label with its value; null leaves the line out. */
export type SheetLine = readonly [label: string, value: string | null];

export interface SheetLook {
  readonly paint: Paint;
  /** The terminal's, in columns; `Infinity` is no edge. */
  readonly width: number;
}

/** The room that a value gets on however narrow a terminal. */
const LEAST_ROOM = 20;

/**
 * Values are made harmless and cut at nothing: a long command is there to be read, as a block beside its label. Ends with
 * a line feed.
 */
export async function formatSheet(lines: readonly SheetLine[], { paint, width }: SheetLook): Promise<string> {
  const { strlen } = (await import('cli-table3/src/utils.js')).default;
  const shown = lines.filter(([, value]) => value !== null && value !== '');
  const labelWidth = Math.max(0, ...shown.map(([label]) => label.length));
  const indent = ' '.repeat(labelWidth + 4);
  const room = Math.max(LEAST_ROOM, width - indent.length);
  const texts = shown.map(([label, value]) => {
    const block = wrap(escapeLine(value ?? ''), room, strlen).join(`\n${indent}`);
    return `  ${paint.quiet(label.padEnd(labelWidth))}  ${block}\n`;
  });
  return texts.join('');
}
