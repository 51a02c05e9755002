/** A field of one line or more, tied to one entry of the draft. */
import type { ComponentChildren, JSX } from 'preact';
import type { FieldName } from './draft.ts';
import { Field } from './field.tsx';
import type { FormPart } from './use-job-form.ts';

interface Props extends FormPart {
  readonly label: string;
  readonly name: FieldName;
  readonly placeholder?: string;
  readonly type?: 'text' | 'datetime-local';
  readonly numeric?: boolean;
  readonly mono?: boolean;
  readonly optional?: boolean;
  readonly disabled?: boolean;
  readonly class?: string;
  /** The id of a datalist. */
  readonly list?: string;
  readonly children?: ComponentChildren;
}

export function TextField(props: Props): JSX.Element {
  const { name, draft, onChange, placeholder = '', type = 'text', numeric = false, mono = false, list } = props;
  return (
    <Field
      label={props.label}
      name={name}
      errors={props.errors}
      optional={props.optional ?? false}
      class={props.class ?? ''}
      control={(tied) => (
        <input
          {...tied}
          {...(list !== undefined && { list })}
          type={type}
          class={mono ? 'mono' : ''}
          inputMode={numeric ? 'decimal' : 'text'}
          step={type === 'datetime-local' ? 1 : undefined}
          placeholder={placeholder}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          disabled={props.disabled ?? false}
          value={draft[name]}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      )}
    >
      {props.children}
    </Field>
  );
}

interface AreaProps extends FormPart {
  readonly label: string;
  readonly name: FieldName;
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly mostRows: number;
  readonly autofocus?: boolean;
  readonly children?: ComponentChildren;
}

/** As many rows as it has lines. */
export function TextArea(props: AreaProps): JSX.Element {
  const { label, name, draft, errors, onChange, mostRows, placeholder = '', optional = false } = props;
  return (
    <Field
      label={label}
      name={name}
      errors={errors}
      optional={optional}
      class="wide"
      control={(tied) => (
        <textarea
          {...tied}
          class="mono"
          rows={Math.min(mostRows, draft[name].split('\n').length)}
          placeholder={placeholder}
          autocapitalize="off"
          autofocus={props.autofocus ?? false}
          spellcheck={false}
          value={draft[name]}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      )}
    >
      {props.children}
    </Field>
  );
}

interface ChoiceProps extends FormPart {
  readonly label: string;
  readonly name: FieldName;
  /** The first one is the default, which is not sent. */
  readonly choices: readonly (readonly [value: string, words: string])[];
}

/** One of a few, in words. */
export const ChoiceField = ({ label, name, choices, draft, errors, onChange }: ChoiceProps): JSX.Element => (
  <Field
    label={label}
    name={name}
    errors={errors}
    control={(tied) => (
      <select
        {...tied}
        value={draft[name] || choices[0]?.[0]}
        onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      >
        {choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    )}
  />
);
