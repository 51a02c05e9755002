/** `/`: how everything fares. */
import type { JSX } from 'preact';
import { getStats } from '../api/system.ts';
import { number } from '../format/size.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';
import { jobsHref, runsHref, workersHref } from '../router.ts';

export function OverviewPage(): JSX.Element {
  const stats = useResource('stats', getStats, () => true);
  const view = stats.value.value;
  return (
    <>
      <PageTitle title="Overview" />
      {stats.error.value !== null && view === null && <Problem error={stats.error.value} />}
      {view === null && stats.error.value === null && <Skeleton />}
      {view !== null && (
        <ul class="tiles">
          <Tile text="Running" value={view.runs.running} href={runsHref('?status=running')} />
          <Tile text="Queued" value={view.runs.pending} href={runsHref('?status=pending')} />
          <Tile text="Failed" value={view.runs.failed} href={runsHref('?status=failed')} />
          <Tile text="Jobs on a schedule" value={view.jobs.scheduled} href={jobsHref('?status=scheduled')} />
          <Tile text="Workers" value={view.workers.alive} href={workersHref()} />
        </ul>
      )}
    </>
  );
}

interface TileProps {
  readonly text: string;
  readonly value: number;
  readonly href: string;
}

const Tile = ({ text, value, href }: TileProps): JSX.Element => (
  <li>
    <a class="tile" href={href}>
      <span class="tile-name">{text}</span>
      <span class="tile-value">{number(value)}</span>
    </a>
  </li>
);
