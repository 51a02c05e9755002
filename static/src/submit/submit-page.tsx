/** `/submit`: what one wants to run. `?from=nightly` starts with another job's fields. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { createJob, getJob } from '../api/jobs.ts';
import { announce } from '../parts/announcer.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';
import { search } from '../router.ts';
import { noOperating } from '../session/session.ts';
import { Confirmation } from './confirmation.tsx';
import { draftBody, draftOf, EMPTY_DRAFT, type Draft } from './draft.ts';
import { JobForm } from './job-form.tsx';
import type { Sent } from './typing.ts';
import { useJobForm } from './use-job-form.ts';

export function SubmitPage(): JSX.Element {
  const from = new URLSearchParams(search.value).get('from') ?? '';
  return (
    <>
      <div class="page-head">
        <PageTitle title="New job" />
      </div>
      {from === '' ? <NewJob initial={EMPTY_DRAFT} /> : <CopiedJob key={from} from={from} />}
    </>
  );
}

function CopiedJob({ from }: { readonly from: string }): JSX.Element {
  const job = useResource(
    `copied ${from}`,
    (signal) => getJob(from, signal),
    () => false,
  );
  if (job.value.value === null) return job.error.value === null ? <Skeleton /> : <Problem error={job.error.value} />;
  return <NewJob initial={{ ...draftOf(job.value.value), name: '', run_at: '' }} />;
}

function NewJob({ initial }: { readonly initial: Draft }): JSX.Element {
  const form = useJobForm(initial, (draft, key) => createJob(draftBody(draft), key));
  const refusal = noOperating.value;
  // What is left for the next job: its kind of schedule, but not what it was.
  const onDone = ({ content, typedOn }: Sent<Draft, JobView>): void => {
    announce('Submitted');
    if (typedOn) return;
    form.reset({ ...EMPTY_DRAFT, type: content.type });
    document.querySelector<HTMLElement>('.job-form textarea')?.focus();
  };
  return (
    <JobForm name="Submit a job" form={form} isNew onDone={onDone}>
      {form.done !== null && <Confirmation job={form.done} />}
      {refusal !== null && <span class="quiet">{refusal}</span>}
      <kbd aria-hidden="true">Ctrl Enter</kbd>
      <button type="submit" class="primary" aria-disabled={form.busy || refusal !== null}>
        Submit
      </button>
    </JobForm>
  );
}
