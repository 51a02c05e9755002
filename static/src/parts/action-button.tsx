/** A button that asks the server for something: not twice at a time, and its failure is told to whoever placed it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { ApiError } from '../api/request.ts';
import { announce } from './announcer.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly icon: IconName;
  readonly text: string;
  readonly primary?: boolean;
  /** @returns what to say when it is done. */
  readonly action: () => Promise<string>;
  /** Null when it is tried anew. */
  readonly onError: (error: ApiError | null) => void;
}

export function ActionButton({ icon, text, primary = false, action, onError }: Props): JSX.Element {
  const busy = useSignal(false);
  const act = async (): Promise<void> => {
    if (busy.value) return;
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
  return (
    <button type="button" class={primary ? 'primary' : ''} aria-disabled={busy.value} onClick={() => void act()}>
      <Icon name={icon} />
      {text}
    </button>
  );
}
