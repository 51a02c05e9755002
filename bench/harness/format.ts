/** Numbers as the table shows them. */

export function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en-US')}/s`;
}

export function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

export function cores(used: number): string {
  return `${used.toFixed(used < 0.1 ? 3 : 2)} core`;
}

export function bytes(count: number): string {
  return `${Math.round(count).toLocaleString('en-US')} B`;
}

export function times(ratio: number): string {
  return Number.isFinite(ratio) ? `${ratio.toFixed(2)}×` : '–';
}
