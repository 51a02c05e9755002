/** The terminal's 256 colours: 16 that follow the theme, a cube of 6 × 6 × 6, and 24 greys. */
import type { Colour } from './ansi.ts';

const LEVELS = [0, 95, 135, 175, 215, 255];

/** Null when there is no such colour. */
export function paletteColour(index: number): Colour | null {
  if (!Number.isInteger(index) || index < 0 || index > 255) return null;
  if (index < 16) return index;
  if (index >= 232) return rgb([8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10]);
  const cube = index - 16;
  return rgb([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => LEVELS[level] ?? 0));
}

const rgb = (parts: readonly number[]): string => `rgb(${parts.join(' ')})`;
