/** Which lines are chosen, and a way to choose others without a mouse. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { parseSelection, type LineSelection } from './line-selection.ts';

interface Props {
  readonly chosen: LineSelection | null;
  readonly onChoose: (lines: LineSelection | null) => void;
}

export function LineField({ chosen, onChoose }: Props): JSX.Element {
  const isWrong = useSignal(false);
  /** What is being typed, instead of what: it stays, though the log around it is drawn anew. */
  const draft = useSignal<{ readonly typed: string; readonly insteadOf: string } | null>(null);
  const text =
    chosen === null ? '' : chosen.first === chosen.last ? `${chosen.first}` : `${chosen.first}–${chosen.last}`;
  const read = (typed: string): void => {
    const lines = parseSelection(typed);
    isWrong.value = lines === null && typed.trim() !== '';
    if (isWrong.value) return;
    draft.value = null;
    onChoose(lines);
  };
  return (
    <label class="log-line-field" title="A line, or some: 120-140">
      Line
      <input
        class="number"
        inputMode="numeric"
        autocomplete="off"
        placeholder="120-140"
        value={draft.value?.insteadOf === text ? draft.value.typed : text}
        aria-invalid={isWrong.value}
        onInput={(event) => (draft.value = { typed: event.currentTarget.value, insteadOf: text })}
        onChange={(event) => read(event.currentTarget.value)}
      />
    </label>
  );
}
