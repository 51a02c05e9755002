/** `/workers`: who executes runs, and where runs wait. `/workers/web-1`: one of them, and what it ran. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { WorkerView } from '../../../src/http/schema/system.ts';
import type { ApiError } from '../api/request.ts';
import { listQueues, listWorkers } from '../api/system.ts';
import { number } from '../format/size.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';
import { workersHref } from '../router.ts';
import { AddWorker } from './add-worker.tsx';
import { QueueTable } from './queue-table.tsx';
import { WorkerCard } from './worker-card.tsx';
import { WorkerRuns } from './worker-runs.tsx';

export function WorkersPage({ host }: { readonly host: string | null }): JSX.Element {
  const failed = useSignal<ApiError | null>(null);
  const resource = useResource('workers', listWorkers, ({ kind }) => kind === 'worker' || kind === 'run');
  const queues = useResource('queues', listQueues, ({ kind }) => kind !== 'job');
  const all = resource.value.value?.workers ?? null;
  const shown = all?.filter(({ name, host: of }) => host === null || name === host || of === host) ?? [];
  const { current, earlier } = byName(shown);
  const onError = (error: ApiError | null): void => void (failed.value = error);
  return (
    <>
      {host !== null && (
        <nav class="crumbs" aria-label="Where you are">
          <a href={workersHref()}>Workers</a>
        </nav>
      )}
      <div class="page-head">
        <PageTitle title={host ?? 'Workers'} />
      </div>
      {failed.value !== null && <Problem error={failed.value} />}
      {all === null && (resource.error.value === null ? <Skeleton /> : <Problem error={resource.error.value} />)}
      {all !== null && shown.length === 0 && (
        <p class="empty">
          {host === null ? 'No worker is there: nothing will run.' : 'No worker of this name was seen within a day.'}
        </p>
      )}
      <Cards workers={current} onChanged={resource.refresh} onError={onError} />
      {earlier.length > 0 && (
        <details class="earlier">
          <summary>
            {earlier.length === 1 ? 'An earlier process' : `${number(earlier.length)} earlier processes`} of the same
            name
          </summary>
          <Cards workers={earlier} onChanged={resource.refresh} onError={onError} />
        </details>
      )}
      {host === null ? (
        <>
          <QueueTable queues={queues.value.value?.queues ?? []} onChanged={queues.refresh} onError={onError} />
          <AddWorker />
        </>
      ) : (
        <WorkerRuns name={host} />
      )}
    </>
  );
}

interface CardsProps {
  readonly workers: readonly WorkerView[];
  readonly onChanged: () => void;
  readonly onError: (error: ApiError | null) => void;
}

const Cards = ({ workers, ...rest }: CardsProps): JSX.Element => (
  <ul class="workers">
    {workers.map((worker) => (
      <WorkerCard key={worker.id} worker={worker} {...rest} />
    ))}
  </ul>
);

interface ByName {
  readonly current: readonly WorkerView[];
  readonly earlier: readonly WorkerView[];
}

/** A worker that was started anew has left its earlier process behind: that it is gone is no news. */
function byName(workers: readonly WorkerView[]): ByName {
  const isEarlier = ({ id, name, alive, started_at: at }: WorkerView): boolean =>
    !alive && workers.some((other) => other.id !== id && other.name === name && other.started_at > at);
  return { current: workers.filter((one) => !isEarlier(one)), earlier: workers.filter(isEarlier) };
}
