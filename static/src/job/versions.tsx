/** `/jobs/:ref/versions`: what the job was before, and what each edit changed. */
import type { JSX } from 'preact';
import type { JobView, VersionView } from '../../../src/http/schema/job-view.ts';
import { listVersions } from '../api/jobs.ts';
import { Ago, Moment } from '../parts/moment.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';

export function Versions({ job }: { readonly job: JobView }): JSX.Element {
  const resource = useResource(
    `versions of ${job.id}`,
    (signal) => listVersions(job.id, signal),
    ({ kind, id }) => kind === 'job' && id === job.id,
  );
  const versions = resource.value.value?.versions ?? null;
  if (versions === null) return resource.error.value === null ? <Skeleton /> : <Problem error={resource.error.value} />;
  return (
    <ol class="versions" aria-label="Versions">
      {versions.map((version, index) => (
        <li key={version.version} class="card">
          <div class="panel-line">
            <h2>Version {version.version}</h2>
            <span class="quiet number">
              <Moment at={version.created_at} /> · <Ago at={version.created_at} />
            </span>
          </div>
          <Changes version={version} before={versions[index + 1] ?? null} />
        </li>
      ))}
    </ol>
  );
}

function Changes({
  version,
  before,
}: {
  readonly version: VersionView;
  readonly before: VersionView | null;
}): JSX.Element {
  if (before === null) {
    return <p class="quiet">{version.version === 1 ? 'As it was made.' : 'The oldest one that is kept.'}</p>;
  }
  const changes = changedFields(version, before);
  if (changes.length === 0) return <p class="quiet">Nothing that is shown here differs.</p>;
  return (
    <dl class="changes">
      {changes.map(({ field, from, to }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>
            <del>{from}</del>
            <ins>{to}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface Change {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

function changedFields(version: VersionView, before: VersionView): readonly Change[] {
  const old: Readonly<Record<string, unknown>> = { ...before };
  return Object.entries(version)
    .filter(([field]) => field !== 'version' && field !== 'created_at' && field !== 'schedule_words')
    .map(([field, value]) => ({ field, from: said(old[field]), to: said(value) }))
    .filter(({ from, to }) => from !== to);
}

const said = (value: unknown): string =>
  value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
