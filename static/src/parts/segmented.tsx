/** One of a few choices, all in sight: radio buttons, so that arrow keys and screen readers know it. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly text: string;
  /** Shown instead of the text, which stays as the label. */
  readonly icon?: IconName;
}

interface Props<Value extends string> {
  readonly legend: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

export function Segmented<Value extends string>({ legend, choices, value, onChange }: Props<Value>): JSX.Element {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class="unseen">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} title={choice.icon && choice.text}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.icon && <Icon name={choice.icon} />}
          <span class={choice.icon && 'unseen'}>{choice.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
