/** Which jobs are shown. */
import type { JSX } from 'preact';
import type { JobQuery } from '../api/jobs.ts';
import { Icon } from '../parts/icon.tsx';
import { STATUS_WORDS } from '../parts/status.tsx';
import { MOST_TEXT } from './job-query.ts';

const STATUSES = Object.entries(STATUS_WORDS);

interface Props {
  readonly query: JobQuery;
  readonly onChange: (query: JobQuery) => void;
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
        value={query.text}
        onInput={(event) => onChange({ ...query, text: event.currentTarget.value })}
      />
    </span>
    <select
      aria-label="State"
      value={query.status}
      onChange={(event) => onChange({ ...query, status: event.currentTarget.value })}
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
