/** Copies a text. Over plain http a browser has no clipboard interface, so there the old way is taken. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { announce } from './announcer.tsx';
import { Icon } from './icon.tsx';

/** How long the button says that it has copied. */
const SAID_MS = 1_500;

export function CopyButton({ text, what }: { readonly text: string; readonly what: string }): JSX.Element {
  const said = useSignal<'Copy' | 'Copied' | 'Select it and press Ctrl C'>('Copy');
  const copy = async (): Promise<void> => {
    said.value = (await copyText(text)) ? 'Copied' : 'Select it and press Ctrl C';
    announce(said.value);
    setTimeout(() => (said.value = 'Copy'), SAID_MS);
  };
  return (
    <button type="button" class="copy" title={`Copy ${what}`} onClick={() => void copy()}>
      <Icon name={said.value === 'Copied' ? 'check' : 'copy'} />
      {said.value}
    </button>
  );
}

async function copyText(text: string): Promise<boolean> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  if (clipboard === undefined) return copyByCommand(text);
  return clipboard.writeText(text).then(
    () => true,
    () => copyByCommand(text),
  );
}

function copyByCommand(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  // Inside an open dialog only what is in it can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way there is without the clipboard interface
  const copied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
