/** Which attempt of a run is looked at. */
import type { JSX } from 'preact';
import type { AttemptView } from '../../../src/http/schema/run-view.ts';
import { reasonWords } from '../format/reason.ts';
import { STATUS_WORDS } from '../parts/status.tsx';

interface Props {
  /** Newest first. */
  readonly attempts: readonly AttemptView[];
  readonly chosen: number;
  readonly onChoose: (number: number) => void;
}

export const AttemptPicker = ({ attempts, chosen, onChoose }: Props): JSX.Element => (
  <label class="attempts">
    Attempt
    <select value={chosen} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
      {attempts.map((attempt) => (
        <option key={attempt.number} value={attempt.number}>
          {[`${attempt.number}: ${STATUS_WORDS[attempt.status]}`, reasonWords(attempt)].filter(Boolean).join(', ')}
        </option>
      ))}
    </select>
  </label>
);
