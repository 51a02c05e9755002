/** What can be done with a run. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { RunDetail } from '../../../src/http/schema/run-view.ts';
import { cancelRun, retryRun } from '../api/runs.ts';
import type { ApiError } from '../api/request.ts';
import { runName } from '../format/reason.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { lazy } from '../parts/lazy.tsx';
import { navigate, runHref } from '../router.ts';
import { noOperating } from '../session/session.ts';
import { useKeys } from '../shell/keys.ts';
import type { Executed } from './use-executed.ts';

const RerunDialog = lazy(() => import('../forms.ts').then((part) => part.RerunDialog));

interface Props {
  readonly run: RunDetail;
  readonly executed: Executed;
  readonly onChanged: () => void;
  readonly onError: (error: ApiError | null) => void;
}

export function RunActions({ run, executed, onChanged, onError }: Props): JSX.Element {
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
      {!live && <AgainWithChanges run={run} executed={executed} />}
      {!live && <ActionButton icon="repeat" text="Run again" shortcut="r" primary action={again} onError={onError} />}
    </div>
  );
}

function AgainWithChanges({ run, executed }: Pick<Props, 'run' | 'executed'>): JSX.Element {
  const open = useSignal(false);
  const refusal = noOperating.value ?? (executed === null ? 'What it executed is not kept any more.' : null);
  // What it executed may still be on its way: the dialog comes with it.
  const ask = (): void => {
    if (refusal === null) open.value = true;
  };
  useKeys({ R: ask });
  return (
    <>
      <button
        type="button"
        aria-disabled={refusal !== null}
        title={refusal ?? 'Run again with changes (R)'}
        onClick={ask}
      >
        <Icon name="edit" />
        <span>
          Run <span class="again">again </span>with changes…
        </span>
      </button>
      {open.value && executed != null && (
        <RerunDialog run={run} executed={executed} onClose={() => (open.value = false)} />
      )}
    </>
  );
}
