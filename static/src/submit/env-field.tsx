/** Environment variables, and how one is written that has several lines. */
import type { JSX } from 'preact';
import { TextArea } from './text-field.tsx';
import type { FormPart } from './use-job-form.ts';

interface Props extends FormPart {
  readonly mostRows: number;
  readonly optional?: boolean;
}

export const EnvField = (props: Props): JSX.Element => (
  <TextArea {...props} label="Environment" name="env" placeholder="NAME=value, one a line">
    <span class="quiet">
      As it stands; a value of two lines is <code>$&apos;one\ntwo&apos;</code>
    </span>
  </TextArea>
);
