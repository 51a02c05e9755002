/** Which jobs are shown. */
import type { JSX } from 'preact';
import { MOST_TEXT, withFilter, type Filter } from '../filter.ts';
import { Icon } from '../parts/icon.tsx';
import { STATUS_WORDS } from '../parts/status.tsx';

const STATUSES = Object.entries(STATUS_WORDS);

interface Props {
  readonly query: Filter;
  readonly onChange: (query: Filter) => void;
}

export const JobFilter = ({ query, onChange }: Props): JSX.Element => (
  <div class="filter" role="search">
    <span class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search jobs"
        placeholder="Name or command"
        maxLength={MOST_TEXT}
        data-filter
        value={query['q'] ?? ''}
        onInput={(event) => onChange(withFilter(query, 'q', event.currentTarget.value))}
      />
    </span>
    <select
      aria-label="State"
      value={query['status'] ?? ''}
      onChange={(event) => onChange(withFilter(query, 'status', event.currentTarget.value))}
    >
      <option value="">All states</option>
      {STATUSES.map(([status, word]) => (
        <option key={status} value={status}>
          {word}
        </option>
      ))}
    </select>
  </div>
);
