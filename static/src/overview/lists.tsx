/** What runs, what failed lately, what comes next: the first few of each. */
import type { ComponentChildren, JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { listJobs } from '../api/jobs.ts';
import { listRuns } from '../api/runs.ts';
import { now } from '../clock.ts';
import { whyWords } from '../format/reason.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Ago, Until } from '../parts/moment.tsx';
import { RunLink } from '../parts/run-link.tsx';
import { useResource } from '../resource.ts';
import { jobHref, runsHref, schedulesHref } from '../router.ts';

const ROWS = 8;
const NEXT = 10;
/** Where there are more schedules than a page has, those of the newest so many are looked at. */
const LOOKED_AT = 200;

export const Lists = (): JSX.Element => (
  <div class="lists">
    <Runs
      title="Running now"
      filter={{ status: 'running' }}
      empty="Nothing runs."
      row={(run) => <RunningRow run={run} />}
    />
    <Runs
      title="Recent failures"
      filter={{ status: 'failed', since: '7d' }}
      empty="Nothing failed in the last 7 days."
      row={(run) => <FailedRow run={run} />}
    />
    <NextFires />
  </div>
);

interface RunsProps {
  readonly title: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly empty: string;
  readonly row: (run: RunView) => JSX.Element;
}

function Runs({ title, filter, empty, row }: RunsProps): JSX.Element {
  const runs = useResource(
    `overview ${title}`,
    (signal) => listRuns(filter, { limit: ROWS, cursor: null, signal }).then((list) => list.runs),
    ({ kind }) => kind === 'run',
  ).value.value;
  return (
    <Panel title={title} href={runsHref(`?${new URLSearchParams(filter)}`)} empty={runs?.length === 0 ? empty : null}>
      {runs?.map((run) => (
        <li key={run.id}>{row(run)}</li>
      ))}
    </Panel>
  );
}

const RunningRow = ({ run }: { readonly run: RunView }): JSX.Element => (
  <>
    <RunLink run={run} />
    <span class="quiet">{run.worker}</span>
    <Elapsed startedAt={run.started_at} finishedAt={null} />
  </>
);

const FailedRow = ({ run }: { readonly run: RunView }): JSX.Element => (
  <>
    <RunLink run={run} />
    <Words class="why-failed" text={whyWords(run, now.value)} />
    <span class="quiet number">{run.finished_at !== null && <Ago at={run.finished_at} />}</span>
  </>
);

/** May be cut short: the tooltip has the whole. */
const Words = ({ class: look, text }: { readonly class: string; readonly text: string }): JSX.Element => (
  <span class={look} title={text}>
    {text}
  </span>
);

function NextFires(): JSX.Element {
  const load = (signal: AbortSignal): Promise<readonly JobView[]> =>
    listJobs({ status: 'scheduled' }, { limit: LOOKED_AT, cursor: null, signal }).then(({ jobs }) => soonest(jobs));
  const jobs = useResource('overview next', load, ({ kind }) => kind === 'job').value.value;
  return (
    <Panel title="Next" href={schedulesHref()} empty={jobs?.length === 0 ? 'Nothing is on a schedule.' : null}>
      {jobs?.map((job) => (
        <li key={job.id}>
          <a href={jobHref(job.name ?? job.id)} title={job.name ?? job.command}>
            {job.name ?? job.command}
          </a>
          <Words class="quiet" text={job.schedule_words ?? ''} />
          {job.next_run_at !== null && (
            <span class="number">
              <Until at={job.next_run_at} zone={job.timezone} />
            </span>
          )}
        </li>
      ))}
    </Panel>
  );
}

const soonest = (jobs: readonly JobView[]): readonly JobView[] =>
  jobs
    .filter(({ next_run_at: next }) => next !== null)
    .toSorted((one, other) => Date.parse(one.next_run_at ?? '') - Date.parse(other.next_run_at ?? ''))
    .slice(0, NEXT);

interface PanelProps {
  readonly title: string;
  readonly href: string;
  /** What to say when there is nothing; null when there is something. */
  readonly empty: string | null;
  readonly children: ComponentChildren;
}

const Panel = ({ title, href, empty, children }: PanelProps): JSX.Element => (
  <section class="panel" aria-label={title}>
    <div class="panel-head">
      <h2>{title}</h2>
      <a href={href} aria-label={`All: ${title}`}>
        All
      </a>
    </div>
    {empty === null ? <ul class="brief">{children}</ul> : <p class="quiet nothing">{empty}</p>}
  </section>
);
