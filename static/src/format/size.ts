/** Sizes: `12 B`, `4.2 KB`, `1.0 MB`, in steps of 1,024. */
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

export function size(bytes: number): string {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 1_024 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step] ?? ''}`;
}

/** `1,234`. */
export const number = (value: number): string => value.toLocaleString('en');

/** `1 line`, `312 lines`. */
export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
