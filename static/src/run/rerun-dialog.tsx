/** Runs a finished run again, otherwise: with another argument, another environment, more time. */
import type { JSX } from 'preact';
import type { VersionView } from '../../../src/http/schema/job-view.ts';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { retryRunWith } from '../api/runs.ts';
import { runName } from '../format/reason.ts';
import { announce } from '../parts/announcer.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';
import { navigate, runHref } from '../router.ts';
import { draftOf, draftPatch } from '../submit/draft.ts';
import { EnvField } from '../submit/env-field.tsx';
import { TextArea, TextField } from '../submit/text-field.tsx';
import { useJobForm } from '../submit/use-job-form.ts';

interface Props {
  readonly run: RunView;
  /** What it executed. */
  readonly executed: VersionView;
  readonly onClose: () => void;
}

export function RerunDialog({ run, executed, onClose }: Props): JSX.Element {
  const before = draftOf(executed);
  const form = useJobForm<RunView>(before, async (draft, key) => {
    const next = await retryRunWith(run.id, draftPatch(before, draft), key);
    onClose();
    navigate(runHref(next.id));
    announce(`Started ${runName(next)}`);
    return next;
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    void form.submit();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <Dialog title={`Run ${runName(run)} again with changes`} class="rerun" onClose={onClose}>
      <form noValidate onSubmit={submit} onKeyDown={onKeyDown}>
        <p class="quiet">
          It becomes a job of its own that runs once. {run.job_name ?? 'The job'} stays as it is, and this starts from
          its version {executed.version}.
        </p>
        <TextArea {...form} label="Command" name="command" mostRows={8} autofocus />
        <EnvField {...form} mostRows={6} optional />
        <div class="grid">
          <TextField {...form} label="Timeout in seconds" name="timeout_seconds" numeric optional placeholder="none" />
          <TextField {...form} label="Queue" name="queue" optional placeholder="default" />
        </div>
        {form.problem !== null && <Problem error={form.problem} />}
        <div class="buttons end">
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="primary" aria-disabled={form.busy}>
            <Icon name="repeat" />
            Run it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
