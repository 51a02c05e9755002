/** Tables in Markdown, aligned so that a terminal shows them as well. */
import type { Line } from './row.ts';

export function lineTable(lines: readonly Line[]): string {
  const head = ['what', 'goal', 'reference', 'ours', 'ratio', 'reached'];
  const mark = (reached: boolean | null): string => (reached === null ? '' : reached ? 'yes' : '**no**');
  return table(
    head,
    lines.map((line) => [line.what, line.goal, line.reference, line.ours, line.ratio, mark(line.reached)]),
  );
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const show = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [show(head), rule, ...rows.map(show)].join('\n');
}
