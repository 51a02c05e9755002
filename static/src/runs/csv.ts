/** Tables as CSV (RFC 4180). What a spreadsheet would take for a formula is made a text by a quote in front. */

/** Spreadsheets compute a cell that begins so. */
const FORMULA = /^[=+\-@\t\r\n]/;

export function csvOf(rows: readonly object[], columns: readonly string[]): string {
  const lines = rows.map((row) => {
    const byName: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(row));
    return columns.map((column) => csvCell(byName[column])).join(',');
  });
  return [columns.join(','), ...lines, ''].join('\r\n');
}

/** Numbers stay numbers, also negative ones; null is an empty cell. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
