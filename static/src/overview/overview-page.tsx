/** `/`: how everything fares. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { getSeries } from '../api/stats.ts';
import { getStats } from '../api/system.ts';
import { now, serverNow } from '../clock.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';
import { NoJobs } from '../jobs/no-jobs.tsx';
import { Charts } from './charts.tsx';
import { Lists } from './lists.tsx';
import { Tiles } from './tiles.tsx';

const DAY_MS = 86_400_000;
/** Steps of a quarter of an hour. */
const POINTS = 96;
/** The server keeps a sample a minute. */
const MINUTE_MS = 60_000;

export function OverviewPage(): JSX.Element {
  const stats = useResource('stats', getStats, () => true);
  const series = useResource(
    'series',
    (signal) => getSeries(new Date(serverNow() - DAY_MS).toISOString(), POINTS, signal),
    () => false,
  );
  const minute = Math.floor(now.value / MINUTE_MS);
  useEffect(() => series.refresh(), [minute]);
  const view = stats.value.value;
  const error = stats.error.value;
  if (view === null) {
    return (
      <>
        <PageTitle title="Overview" />
        {error === null ? <Skeleton /> : <Problem error={error} />}
      </>
    );
  }
  const { jobs } = view;
  const isNew = jobs.once + jobs.scheduled + jobs.paused + jobs.finished === 0;
  return (
    <>
      <PageTitle title="Overview" />
      <Tiles stats={view} series={series.value.value} />
      {isNew ? (
        <NoJobs filtered={false} />
      ) : (
        <>
          {series.value.value !== null && <Charts series={series.value.value} running={view.runs.running} />}
          <Lists />
        </>
      )}
    </>
  );
}
