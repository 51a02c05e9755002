/** NaN for nothing. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50);
}

/** @param p 0 to 100; between two numbers the nearer one is taken, but for the median of an even count: their middle. */
export function percentile(numbers: readonly number[], p: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = ((sorted.length - 1) * p) / 100;
  if (p !== 50) return sorted[Math.ceil(at)] ?? Number.NaN;
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2;
}
