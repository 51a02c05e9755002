/** The geometry of charts. */
import type { Series } from './series.ts';

export interface Shape {
  /** The class of its colour. */
  readonly colour: string;
  /** As an SVG path. */
  readonly path: string;
}

export interface Drawing {
  readonly series: readonly Series[];
  /** The value at the upper edge. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** So much of a step is its bar. */
const BAR = 0.72;
/** What is not nothing is seen. */
const LEAST_PX = 1.5;

/** The series upon each other, the first one at the bottom. */
export function bars({ series, top, width, height }: Drawing): readonly Shape[] {
  const steps = series[0]?.values.length ?? 0;
  const step = width / Math.max(1, steps);
  const reached = Array.from({ length: steps }, () => 0);
  return series.map(({ class: colour, values }) => ({
    colour,
    path: values
      .map((value, index) => {
        if (value === null || value === 0) return '';
        const tall = Math.max(LEAST_PX, (value / top) * height);
        const from = reached[index] ?? 0;
        reached[index] = from + tall;
        return `M${short(index * step + (step * (1 - BAR)) / 2)} ${short(height - from)}h${short(step * BAR)}v${short(-tall)}h${short(-step * BAR)}z`;
      })
      .join(''),
  }));
}

/** Each series as a line, broken where nobody looked. */
export function lines({ series, top, width, height }: Drawing): readonly Shape[] {
  return series.map(({ class: colour, values }) => {
    const step = width / Math.max(1, values.length);
    let pen = 'M';
    const parts = values.map((value, index) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const part = `${pen}${short((index + 0.5) * step)} ${short(height - (value / top) * (height - 2) - 1)}`;
      pen = 'L';
      return part;
    });
    return { colour, path: parts.join('') };
  });
}

const short = (value: number): number => Math.round(value * 10) / 10;

/** The round number at or above the highest: 1, 2, 4, 6, 8, 10, 20, … */
export function niceTop(highest: number): number {
  if (highest <= 0) return 2;
  const size = 10 ** Math.floor(Math.log10(highest));
  const nice = [1, 2, 4, 6, 8, 10].find((one) => one * size >= highest) ?? 10;
  return nice * size;
}
