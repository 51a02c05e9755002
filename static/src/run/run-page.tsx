/** `/runs/:ref`: a run, why it stands where it stands, its attempts and their output, live. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { AttemptView, RunDetail } from '../../../src/http/schema/run-view.ts';
import { logins } from '../api/login-needed.ts';
import type { ApiError } from '../api/request.ts';
import { now } from '../clock.ts';
import { getRun } from '../api/runs.ts';
import { runName, whyWords } from '../format/reason.ts';
import { OutputPanel } from '../output/output-panel.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { useResource, type Resource } from '../resource.ts';
import { jobHref, jobsHref, replaceSearch, search } from '../router.ts';
import { AttemptPicker } from './attempt-picker.tsx';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import { parseShown, shownSearch, type ShownOutput } from './shown-output.ts';
import { useExecuted } from './use-executed.ts';

export function RunPage({ id }: { readonly id: string }): JSX.Element {
  const resource: Resource<RunDetail> = useResource(
    `run ${id}`,
    (signal) => getRun(id, signal),
    (change) => concerns(change.id, resource.value.value, id),
  );
  const run = resource.value.value;
  const error = resource.error.value;
  if (run === null) {
    return (
      <>
        <PageTitle title="Run" unseen />
        {error === null ? <div class="skeleton" aria-label="Loading" role="img" /> : <Problem error={error} />}
      </>
    );
  }
  return <Run key={run.id} run={run} error={error} refresh={resource.refresh} />;
}

interface Props {
  readonly run: RunDetail;
  /** Why the newest look at it failed. */
  readonly error: ApiError | null;
  readonly refresh: () => void;
}

function Run({ run, error, refresh }: Props): JSX.Element {
  const failed = useSignal<ApiError | null>(null);
  const shown = parseShown(search.value);
  const attempt = run.attempts.find(({ number }) => number === shown.attempt) ?? run.attempts[0] ?? null;
  const executed = useExecuted(run, attempt);
  return (
    <>
      <nav class="crumbs" aria-label="Where you are">
        <a href={jobsHref()}>Jobs</a>
        <a href={jobHref(run.job_name ?? run.job_id)}>{run.job_name ?? run.job_id.slice(0, 8)}</a>
      </nav>
      <div class="page-head">
        <PageTitle title={runName(run)} />
        <StatusBadge status={run.status} />
        <span class="why">{whyWords(run, now.value)}</span>
        <RunActions run={run} executed={executed} onChanged={refresh} onError={(cause) => (failed.value = cause)} />
      </div>
      {error?.code === 'not_found' && <Problem error={error} />}
      {failed.value !== null && <Problem error={failed.value} />}
      <RunFacts run={run} attempt={attempt} executed={executed} />
      <Output run={run} attempt={attempt} shown={shown} />
    </>
  );
}

/** Its own changes; and while it waits any run's, since those are what it waits for. */
function concerns(changed: string, run: RunDetail | null, id: string): boolean {
  return changed === (run?.id ?? id) || run?.status === 'pending';
}

interface OutputProps {
  readonly run: RunDetail;
  readonly attempt: AttemptView | null;
  readonly shown: ShownOutput;
}

function Output({ run, attempt, shown }: OutputProps): JSX.Element | null {
  if (attempt === null) return null;
  const show = (changed: Partial<ShownOutput>): void => replaceSearch(shownSearch({ ...shown, ...changed }));
  // A link to its lines must name the attempt where there may be another.
  const isOnly = run.finished_at !== null && run.attempts.length === 1;
  return (
    <>
      {run.attempts.length > 1 && (
        <AttemptPicker
          attempts={run.attempts}
          chosen={attempt.number}
          onChoose={(number) => show({ attempt: number === run.attempt ? null : number })}
        />
      )}
      <OutputPanel
        key={`${attempt.number} ${logins.value}`}
        of={{ run: run.id, attempt: attempt.number, stream: shown.stream }}
        attempt={attempt}
        search={shownSearch({ ...shown, attempt: isOnly ? null : attempt.number })}
        onStreams={(streams) => show({ stream: streams === 'both' ? null : streams })}
      />
    </>
  );
}
