/** Numbers of bytes, in the units of 1,024 that `ls -h` uses: `17 B`, `1.5 KiB`, `640 MiB`. */
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let count = bytes / 1024;
  let unit = 0;
  // 1023.95 rather than 1024: what would be shown as 1024.0 belongs to the next unit.
  while (count >= 1023.95 && unit < UNITS.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${count < 100 ? count.toFixed(1) : Math.round(count)} ${UNITS[unit] ?? 'TiB'}`;
}
