/** Deleting a job, after saying honestly what goes with it. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { deleteJob } from '../api/jobs.ts';
import { ApiError } from '../api/request.ts';
import { announce } from '../parts/announcer.tsx';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { jobsHref, navigate } from '../router.ts';

interface Props {
  readonly job: JobView;
  /** Whether a run of it is live. */
  readonly live: boolean;
  readonly onClose: () => void;
  readonly onError: (error: ApiError | null) => void;
}

export function DeleteJob({ job, live, onClose, onError }: Props): JSX.Element {
  const name = job.name ?? job.id.slice(0, 8);
  const confirm = async (): Promise<void> => {
    onClose();
    onError(null);
    try {
      await deleteJob(job.id, live);
      announce(`Deleted ${name}`);
      navigate(jobsHref());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      onError(error);
    }
  };
  return (
    <ConfirmDialog title={`Delete ${name}?`} action="Delete" onConfirm={() => void confirm()} onClose={onClose}>
      <p>
        {job.type === 'cron' ? 'It will not run again' : 'It goes from the list'}, and its runs and their output are
        removed with it. This cannot be undone.
      </p>
      {live && <p>A run of it is live: it is cancelled.</p>}
      {job.type === 'cron' && job.status === 'scheduled' && (
        <p class="quiet">To stop it for a while, pause it instead.</p>
      )}
    </ConfirmDialog>
  );
}
