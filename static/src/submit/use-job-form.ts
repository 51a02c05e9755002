/**
 * The state of a job's form.
 *
 *   typing ──submit──► sending ──► done | refused (errors at their fields)
 *
 * A submit whose answer was lost can be sent again: while the draft stays the same, so does its idempotency key.
 */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { ApiError } from '../api/request.ts';
import { draftErrors, FIELD_NAMES, type Draft } from './draft.ts';
import { isOf } from './field.tsx';

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
  /** @returns whether it was done. */
  readonly submit: () => Promise<boolean>;
}

/** @param send asks the server, given a key that stays the same for the same draft. */
export function useJobForm<Done = JobView>(
  initial: Draft,
  send: (draft: Draft, key: string) => Promise<Done>,
): JobForm<Done> {
  const draft = useSignal(initial);
  const errors = useSignal<readonly FieldError[]>([]);
  const problem = useSignal<ApiError | null>(null);
  const done = useSignal<Done | null>(null);
  const busy = useSignal(false);
  const changed = useSignal(false);
  const key = useRef(newKey());

  const show = (next: Draft): void => {
    draft.value = next;
    key.current = newKey();
    // What is being mended is not complained about meanwhile.
    errors.value = [];
    problem.value = null;
  };

  const refuse = (error: ApiError): void => {
    errors.value = error.fields.filter(({ field }) => FIELD_NAMES.some((name) => isOf(field, name)));
    problem.value = errors.value.length === 0 ? error : null;
  };

  const submit = async (): Promise<boolean> => {
    if (busy.value) return false;
    done.value = null;
    problem.value = null;
    errors.value = draftErrors(draft.value);
    if (errors.value.length > 0) return false;
    busy.value = true;
    try {
      done.value = await send(draft.value, key.current);
      changed.value = false;
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(error);
      return false;
    } finally {
      busy.value = false;
    }
  };

  return {
    draft: draft.value,
    onChange: (part) => {
      changed.value = true;
      show({ ...draft.value, ...part });
    },
    reset: (next) => {
      changed.value = false;
      show(next);
    },
    errors: errors.value,
    problem: problem.value,
    done: done.value,
    busy: busy.value,
    changed: changed.value,
    submit,
  };
}

/** `crypto.randomUUID` is missing on plain http; this is not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
