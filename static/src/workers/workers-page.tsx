/** `/workers`: who executes runs. */
import type { JSX } from 'preact';
import { listWorkers } from '../api/system.ts';
import { Ago } from '../parts/moment.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { useResource } from '../resource.ts';

export function WorkersPage({ host }: { readonly host: string | null }): JSX.Element {
  const all = useResource('workers', listWorkers, ({ kind }) => kind === 'worker').value.value?.workers ?? [];
  return (
    <>
      <PageTitle title={host ?? 'Workers'} />
      <ul class="plain">
        {all
          .filter((worker) => host === null || worker.name === host)
          .map((worker) => (
            <li key={worker.id}>
              {worker.name}, {worker.running} of {worker.concurrency} busy, heard of <Ago at={worker.last_seen_at} />
            </li>
          ))}
      </ul>
    </>
  );
}
