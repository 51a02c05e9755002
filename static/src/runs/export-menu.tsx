/** Saves what the filter lets through. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import type { Filter } from '../filter/filter.ts';
import { plural } from '../format/size.ts';
import { announce } from '../parts/announcer.tsx';
import { exportRuns, type ExportFormat } from './export.ts';

interface Props {
  readonly filter: Filter;
  readonly onError: (error: ApiError | null) => void;
}

export function ExportMenu({ filter, onError }: Props): JSX.Element {
  const saved = useSignal<number | null>(null);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const save = async (format: ExportFormat): Promise<void> => {
    if (saved.value !== null) return;
    saved.value = 0;
    onError(null);
    try {
      const runs = await exportRuns(filter, format, abort.current.signal, (so) => (saved.value = so));
      announce(`Saved ${plural(runs, 'run')}`);
    } catch (error) {
      if (abort.current.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      onError(error);
    } finally {
      saved.value = null;
    }
  };
  return (
    <select
      class="export"
      aria-label="Export these runs"
      value=""
      onChange={(event) => {
        const { value } = event.currentTarget;
        event.currentTarget.value = '';
        if (value === 'csv' || value === 'json') void save(value);
      }}
    >
      <option value="">{saved.value === null ? 'Export…' : plural(saved.value, 'run')}</option>
      <option value="csv">As CSV</option>
      <option value="json">As JSON</option>
    </select>
  );
}
