/** Ctrl-K: to any screen, job or run, and what can be done from anywhere, by typing a part of its name. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { closeOverlay } from './overlay.ts';
import { findEntries, STANDING, type Entry } from './palette-entries.ts';

const TYPING_MS = 120;
const LIST = 'palette-list';

export function Palette(): JSX.Element {
  const text = useSignal('');
  const entries = useSignal<readonly Entry[]>(STANDING);
  const at = useSignal(0);
  useEffect(() => {
    const abort = new AbortController();
    const show = (found: readonly Entry[]): void => {
      if (abort.signal.aborted) return;
      entries.value = found;
      at.value = 0;
    };
    const timer = setTimeout(() => void findEntries(text.value, abort.signal, show), TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text.value]);
  const choose = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    closeOverlay();
    entry.choose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) at.value = (at.value + step + entries.value.length) % Math.max(1, entries.value.length);
    else if (event.key === 'Enter') choose(entries.value[at.value]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search or jump to" untitled class="palette" onClose={closeOverlay}>
      <div class="palette-input">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Search or jump to"
          aria-expanded="true"
          aria-controls={LIST}
          aria-activedescendant={`${LIST}-${at.value}`}
          placeholder="A screen, a job, a run such as nightly#42"
          autocomplete="off"
          autofocus
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={LIST} role="listbox" aria-label="Found">
        {entries.value.map((entry, index) => (
          // The keys are the input's: this is what it points at.
          <li
            key={entry.id}
            id={`${LIST}-${index}`}
            role="option"
            aria-selected={index === at.value}
            onMouseMove={() => (at.value = index)}
            onClick={() => choose(entry)}
          >
            <Icon name={entry.icon} />
            <span class="what">{entry.text}</span>
            <span class="quiet">{entry.about}</span>
          </li>
        ))}
      </ul>
      {entries.value.length === 0 && <p class="quiet nothing">Nothing is called like that.</p>}
    </Dialog>
  );
}
