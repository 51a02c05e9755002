/** Asks before something that cannot be undone. */
import type { ComponentChildren, JSX } from 'preact';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly title: string;
  /** On the button that does it. */
  readonly action: string;
  /** On the button that does not. */
  readonly keep?: string;
  readonly danger?: boolean;
  readonly children: ComponentChildren;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Open for as long as it is shown. */
export function ConfirmDialog(props: Props): JSX.Element {
  const { title, action, keep = 'Keep it', danger = true, children, onConfirm, onClose } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div class="buttons end">
        <button type="button" onClick={onClose} autofocus>
          {keep}
        </button>
        <button type="button" class={danger ? 'danger' : 'primary'} onClick={onConfirm}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
