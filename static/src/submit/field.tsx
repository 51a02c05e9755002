/** A labelled field with what is wrong with it under it, tied together for screen readers. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { FieldError } from '../../../src/http/schema/problem.ts';

export interface Controlled {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

interface Props {
  readonly label: string;
  /** Its name in the API, by which errors are found: also `env.PATH` is of `env`. */
  readonly name: string;
  readonly errors: readonly FieldError[];
  readonly optional?: boolean;
  readonly class?: string;
  /** The control itself, given what to put on it. */
  readonly control: (props: Controlled) => JSX.Element;
  /** Shown below while nothing is wrong. */
  readonly children?: ComponentChildren;
}

export function Field({
  label,
  name,
  errors,
  optional = false,
  class: extra = '',
  control,
  children,
}: Props): JSX.Element {
  const id = useId();
  const error = errors.find(({ field }) => isOf(field, name));
  return (
    <div class={`field ${extra}`}>
      <label for={id}>
        {label}
        {optional && <span class="quiet"> optional</span>}
      </label>
      {control({ id, 'aria-invalid': error !== undefined, 'aria-describedby': `${id}-about` })}
      <div id={`${id}-about`} class="about">
        {error === undefined ? children : <FieldProblem error={error} />}
      </div>
    </div>
  );
}

/** Whether an error at this field of the request belongs to the form's field of that name. */
export function isOf(field: string, name: string): boolean {
  return field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`);
}

const FieldProblem = ({ error }: { readonly error: FieldError }): JSX.Element => (
  <span class="field-error">
    {error.message} {error.hint}
  </span>
);
