/** All jobs, newest first: filtered, live, page by page. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { listJobs } from '../api/jobs.ts';
import { filterSearch, parseFilter, type Filter } from '../filter.ts';
import { usePages } from '../pages.ts';
import { LoadMore } from '../parts/load-more.tsx';
import { Problem } from '../parts/problem.tsx';
import { replaceSearch, route } from '../router.ts';
import { JobFilter } from './job-filter.tsx';
import { JobRow } from './job-row.tsx';
import { NoJobs } from './no-jobs.tsx';

const TYPING_MS = 150;
const FILTERS = ['q', 'status', 'tag', 'type', 'queue'];

export function JobList(): JSX.Element {
  const query = useQuery();
  const settled = useSettled(query.value);
  useEffect(() => replaceSearch(filterSearch(settled)), [settled]);
  const jobs = usePages(
    `jobs ${JSON.stringify(settled)}`,
    (page) => listJobs(settled, page).then((list) => ({ rows: list.jobs, next: list.next_cursor })),
    ({ kind }) => kind !== 'worker',
  );
  const list = jobs.value.value;
  const filtered = filterSearch(settled) !== '';
  return (
    <section aria-label="All jobs">
      <div class="section-head">
        <JobFilter query={query.value} onChange={(next) => (query.value = next)} />
      </div>
      {jobs.error.value !== null && list === null && <Problem error={jobs.error.value} />}
      {list === null && jobs.error.value === null && <div class="skeleton" aria-label="Loading" role="img" />}
      {list?.rows.length === 0 && <NoJobs filtered={filtered} />}
      {list !== null && list.rows.length > 0 && (
        <table class="rows jobs">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Job</th>
              <th scope="col">Schedule</th>
              <th scope="col">Next</th>
              <th scope="col">Last run</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </tbody>
        </table>
      )}
      <LoadMore pages={jobs} noun="job" />
    </section>
  );
}

/** What the address says, anew after every move to another one, until somebody chooses something else. */
function useQuery(): Signal<Filter> {
  const query = useSignal(parseFilter(location.search, FILTERS));
  const at = route.value;
  useEffect(() => void (query.value = parseFilter(location.search, FILTERS)), [at]);
  return query;
}

/** The query once nobody has typed for a moment. */
function useSettled(query: Filter): Filter {
  const settled = useSignal(query);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = query), TYPING_MS);
    return () => clearTimeout(timer);
  }, [query]);
  return settled.value;
}
