/**
 * A button that asks the server for something: not twice at a time, and its failure is told to whoever placed it. Who may
 * not do it sees why.
 */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { ApiError } from '../api/request.ts';
import { noOperating } from '../session/session.ts';
import { useKeys } from '../shell/keys.ts';
import { announce } from './announcer.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly icon: IconName;
  readonly text: string;
  readonly primary?: boolean;
  /** The key that does the same. */
  readonly shortcut?: string;
  /** @returns what to say when it is done. */
  readonly action: () => Promise<string>;
  /** Null when it is tried anew. */
  readonly onError: (error: ApiError | null) => void;
}

export function ActionButton({ icon, text, primary = false, shortcut, action, onError }: Props): JSX.Element {
  const busy = useSignal(false);
  const refusal = noOperating.value;
  const act = async (): Promise<void> => {
    if (busy.value || refusal !== null) return;
    busy.value = true;
    onError(null);
    try {
      announce(await action());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      onError(error);
    } finally {
      busy.value = false;
    }
  };
  useKeys(shortcut === undefined ? {} : { [shortcut]: () => void act() });
  return (
    <button
      type="button"
      class={primary ? 'primary' : ''}
      aria-disabled={busy.value || refusal !== null}
      title={refusal ?? (shortcut && `${text} (${shortcut})`)}
      onClick={() => void act()}
    >
      <Icon name={icon} />
      {text}
    </button>
  );
}
