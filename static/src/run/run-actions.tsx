/** What can be done with a run. */
import type { JSX } from 'preact';
import type { RunDetail } from '../../../src/http/schema/run-view.ts';
import { cancelRun, retryRun } from '../api/runs.ts';
import type { ApiError } from '../api/request.ts';
import { runName } from '../format/reason.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { navigate, runHref } from '../router.ts';

interface Props {
  readonly run: RunDetail;
  readonly onChanged: () => void;
  readonly onError: (error: ApiError | null) => void;
}

export function RunActions({ run, onChanged, onError }: Props): JSX.Element | null {
  const cancel = async (): Promise<string> => {
    await cancelRun(run.id);
    onChanged();
    return `Cancelling ${runName(run)}`;
  };
  const again = async (): Promise<string> => {
    const next = await retryRun(run.id, false);
    navigate(runHref(next.id));
    return `Started ${runName(next)}`;
  };
  const live = run.status === 'pending' || run.status === 'running';
  return (
    <div class="buttons">
      {live && !run.cancel_requested && (
        <ActionButton icon="stop" text="Cancel" shortcut="c" action={cancel} onError={onError} />
      )}
      {!live && <ActionButton icon="repeat" text="Run again" shortcut="r" primary action={again} onError={onError} />}
    </div>
  );
}
