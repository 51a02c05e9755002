/**
 * The login over a page whose session has ended: what was typed into that page stays, unseen and out of reach, and the
 * focus goes back to where it was.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export function LoginOver({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (): void => {
    if (dialog.current?.isConnected === true) dialog.current.showModal();
  };
  useLayoutEffect(() => {
    const { activeElement: before, title } = document;
    open();
    // In time: once it is closed and open again, keys that were pressed meanwhile have gone elsewhere.
    document.addEventListener('keydown', keepOpen, true);
    return () => {
      document.removeEventListener('keydown', keepOpen, true);
      dialog.current?.close();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      document.title = title;
    };
  }, []);
  return (
    // Nothing closes it, since there is nothing to go back to yet.
    <dialog
      ref={dialog}
      class="login-over"
      aria-label="Log in"
      onCancel={(event) => event.preventDefault()}
      onClose={open}
    >
      <div class="bare">{children}</div>
    </dialog>
  );
}

/** A browser heeds the second Escape whatever is said to its `cancel`, but not one whose key is taken. */
function keepOpen(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.preventDefault();
}
