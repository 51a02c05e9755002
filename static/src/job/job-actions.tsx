/** What can be done with a job. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { cancelJob, pauseJob, resumeJob, runJob } from '../api/jobs.ts';
import type { ApiError } from '../api/request.ts';
import { runName } from '../format/reason.ts';
import { plural } from '../format/size.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { submitHref } from '../router.ts';
import { noOperating } from '../session/session.ts';
import { DeleteJob } from './delete-job.tsx';

interface Props {
  readonly job: JobView;
  readonly onChanged: () => void;
  readonly onError: (error: ApiError | null) => void;
}

export function JobActions({ job, onChanged, onError }: Props): JSX.Element {
  const deleting = useSignal(false);
  const done = <Answer,>(asked: Promise<Answer>, words: (answer: Answer) => string): Promise<string> =>
    asked.then((answer) => {
      onChanged();
      return words(answer);
    });
  const run = (): Promise<string> => done(runJob(job.id, false), (started) => `Started ${runName(started)}`);
  const cancel = (): Promise<string> => done(cancelJob(job.id), ({ count }) => `Cancelling ${plural(count, 'run')}`);
  const pause = (): Promise<string> => done(pauseJob(job.id), () => 'Paused');
  const resume = (): Promise<string> => done(resumeJob(job.id), () => 'Resumed');
  const last = job.last_run?.status;
  // The newest record may be of slots that were skipped because an earlier run goes on.
  const overlapped = last === 'skipped' && (job.last_run?.reason ?? '').startsWith('overlap');
  const live = last === 'running' || last === 'pending' || overlapped;
  return (
    <div class="buttons">
      <ActionButton icon="play" text="Run now" shortcut="r" primary action={run} onError={onError} />
      {job.status === 'scheduled' && <ActionButton icon="pause" text="Pause" action={pause} onError={onError} />}
      {job.status === 'paused' && <ActionButton icon="repeat" text="Resume" action={resume} onError={onError} />}
      {live && <ActionButton icon="stop" text="Cancel" shortcut="c" action={cancel} onError={onError} />}
      <a class="button" href={submitHref(job.name ?? job.id)} title="A new job with these fields">
        <Icon name="copy" />
        Copy
      </a>
      <button
        type="button"
        aria-disabled={noOperating.value !== null}
        title={noOperating.value ?? undefined}
        onClick={() => {
          if (noOperating.value === null) deleting.value = true;
        }}
      >
        <Icon name="trash" />
        Delete
      </button>
      {deleting.value && <DeleteJob job={job} live={live} onClose={() => (deleting.value = false)} onError={onError} />}
    </div>
  );
}
