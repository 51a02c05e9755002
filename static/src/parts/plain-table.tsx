/** A table of few rows, which scrolls by itself where it is too wide. Its last column holds what can be done. */
import type { ComponentChildren, JSX } from 'preact';

interface Props {
  readonly name: string;
  /** All but the last. */
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}

export const PlainTable = ({ name, columns, children }: Props): JSX.Element => (
  <div class="table-scroll" tabIndex={0} role="region" aria-label={name}>
    <table class="plain-table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
          <th scope="col">
            <span class="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
