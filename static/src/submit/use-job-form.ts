/**
 * The state of a job's form.
 *
 *   typing ──submit──► sending ──► done | refused (errors at their fields)
 *
 * A submit whose answer was lost can be sent again: while the draft stays the same, so does its idempotency key.
 */
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { ApiError } from '../api/request.ts';
import { draftErrors, FIELD_NAMES, type Draft } from './draft.ts';
import { isOf } from './field.tsx';
import { Typing, type Sent } from './typing.ts';

/** What each part of the form is given. */
export interface FormPart {
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly onChange: (change: Partial<Draft>) => void;
}

export interface JobForm<Done = JobView> extends FormPart {
  /** Another draft altogether. */
  readonly reset: (draft: Draft) => void;
  /** What is wrong and belongs to no field. */
  readonly problem: ApiError | null;
  /** What the server answered last. */
  readonly done: Done | null;
  readonly busy: boolean;
  /** Whether something was typed since. */
  readonly changed: boolean;
  /** @returns what was sent and what came of it; null when it was not done. */
  readonly submit: () => Promise<Sent<Draft, Done> | null>;
}

/** @param send asks the server, given a key that stays the same for the same draft. */
export function useJobForm<Done = JobView>(
  initial: Draft,
  send: (draft: Draft, key: string) => Promise<Done>,
): JobForm<Done> {
  const typing = useMemo(() => new Typing(initial), []);
  const errors = useSignal<readonly FieldError[]>([]);
  const problem = useSignal<ApiError | null>(null);
  const done = useSignal<Done | null>(null);
  const key = useRef(newKey());

  const begin = (): void => {
    key.current = newKey();
    // What is being mended is not complained about meanwhile.
    errors.value = [];
    problem.value = null;
  };

  const refuse = (error: ApiError): void => {
    errors.value = error.fields.filter(({ field }) => FIELD_NAMES.some((name) => isOf(field, name)));
    problem.value = errors.value.length === 0 ? error : null;
  };

  const submit = async (): Promise<Sent<Draft, Done> | null> => {
    if (typing.busy.value) return null;
    done.value = null;
    problem.value = null;
    errors.value = draftErrors(typing.content.value);
    if (errors.value.length > 0) return null;
    try {
      const sent = await typing.send((draft) => send(draft, key.current));
      done.value = sent.answer;
      return sent;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(error);
      return null;
    }
  };

  return {
    draft: typing.content.value,
    onChange: (part) => {
      typing.type({ ...typing.content.value, ...part });
      begin();
    },
    reset: (next) => {
      typing.reset(next);
      begin();
    },
    errors: errors.value,
    problem: problem.value,
    done: done.value,
    busy: typing.busy.value,
    changed: typing.changed.value,
    submit,
  };
}

/** `crypto.randomUUID` is missing on plain http; this is not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
