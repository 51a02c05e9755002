/** A chart's numbers as a table, for those who cannot see it or want to copy them. Made when it is opened. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { sayValue, type Series } from './series.ts';

interface Props {
  readonly title: string;
  readonly steps: readonly string[];
  readonly series: readonly Series[];
  readonly words: (value: number) => string;
}

export function TableOf({ title, steps, series, words }: Props): JSX.Element {
  const open = useSignal(false);
  return (
    <details class="chart-table" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>As a table</summary>
      {open.value && (
        <div class="chart-rows" tabIndex={0} role="region" aria-label={`${title} as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Step</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {steps.map((step, index) => (
                // Steps of different days may have the same name.
                <tr key={index}>
                  <th scope="row">{step}</th>
                  {series.map(({ name, values }) => (
                    <td key={name}>{sayValue(values[index], words)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
