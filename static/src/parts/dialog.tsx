/** Something over the page that has to be dealt with first. The browser's own dialog keeps the focus and gives it back. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  /** The title is for screen readers only. */
  readonly untitled?: boolean;
  readonly class?: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
}

/** Open for as long as it is shown. A click beside it closes it. */
export function Dialog({ title, untitled = false, class: extra = '', children, onClose }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => opener instanceof HTMLElement && opener.focus({ preventScroll: true });
  }, []);
  return (
    <dialog
      ref={dialog}
      class={extra}
      aria-labelledby="dialog-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-body">
        <h2 id="dialog-title" class={untitled ? 'unseen' : ''}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
