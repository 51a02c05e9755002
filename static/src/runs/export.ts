/** The runs that a filter lets through as a file: fetched page by page, put together here. */
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { listRuns } from '../api/runs.ts';
import type { Filter } from '../filter/filter.ts';
import { csvOf } from './csv.ts';

export type ExportFormat = 'csv' | 'json';

/** More are not put together in a browser's memory. */
export const MOST_EXPORTED = 100_000;
const PAGE_ROWS = 200;

const COLUMNS = [
  'id',
  'job_name',
  'number',
  'status',
  'reason',
  'detail',
  'exit_code',
  'signal',
  'trigger',
  'scheduled_for',
  'created_at',
  'started_at',
  'finished_at',
  'duration_ms',
  'queue',
  'attempt',
  'worker',
  'late',
  'output_bytes',
] as const satisfies readonly (keyof RunView)[];

/**
 * @param onProgress given how many are there so far.
 * @returns how many it saved.
 */
export async function exportRuns(
  filter: Filter,
  format: ExportFormat,
  signal: AbortSignal,
  onProgress: (runs: number) => void,
): Promise<number> {
  const runs: RunView[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(filter, { limit: PAGE_ROWS, cursor, signal });
    runs.push(...page.runs);
    cursor = page.next_cursor;
    onProgress(runs.length);
  } while (cursor !== null && runs.length < MOST_EXPORTED);
  const [text, type] = format === 'csv' ? [csvOf(runs, COLUMNS), 'text/csv'] : [jsonOf(runs), 'application/json'];
  save(new Blob([text], { type }), `runs.${format}`);
  return runs.length;
}

const jsonOf = (runs: readonly RunView[]): string => `${JSON.stringify(runs, null, 2)}\n`;

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
