/** A field of one line, tied to one entry of the draft. */
import type { ComponentChildren, JSX } from 'preact';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import type { Draft } from './draft.ts';
import { Field } from './field.tsx';

interface Props {
  readonly label: string;
  /** In the API. */
  readonly name: string;
  /** In the draft. */
  readonly of: keyof Draft;
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly onChange: (change: Partial<Draft>) => void;
  readonly placeholder?: string;
  readonly type?: 'text' | 'datetime-local';
  readonly numeric?: boolean;
  readonly mono?: boolean;
  readonly optional?: boolean;
  readonly class?: string;
  /** The id of a datalist. */
  readonly list?: string;
  readonly children?: ComponentChildren;
}

export function TextField(props: Props): JSX.Element {
  const { of, draft, onChange, placeholder = '', type = 'text', numeric = false, mono = false, list } = props;
  return (
    <Field
      label={props.label}
      name={props.name}
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
          value={draft[of]}
          onInput={(event) => onChange({ [of]: event.currentTarget.value })}
        />
      )}
    >
      {props.children}
    </Field>
  );
}
