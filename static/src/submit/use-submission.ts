/**
 * The submit form's state.
 *
 *   typing ──submit──► sending ──► made (the form is empty again) | refused (errors at their fields)
 *
 * A submit whose answer was lost can be sent again: while the draft stays the same, so does its idempotency key.
 */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { createJob } from '../api/jobs.ts';
import { ApiError } from '../api/request.ts';
import { draftBody, draftErrors, EMPTY_DRAFT, nextDraft, type Draft } from './draft.ts';
import { isOf } from './field.tsx';
import { FOLDED } from './more-options.tsx';

export interface Submission {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  readonly errors: readonly FieldError[];
  /** What is wrong and belongs to no field in sight. */
  readonly problem: ApiError | null;
  /** The job made last. */
  readonly made: JobView | null;
  readonly busy: boolean;
  /** @returns whether a job was made. */
  readonly submit: () => Promise<boolean>;
}

const SHOWN = ['command', 'schedule', 'timezone', 'name', ...FOLDED];

export function useSubmission(): Submission {
  const draft = useSignal(EMPTY_DRAFT);
  const errors = useSignal<readonly FieldError[]>([]);
  const problem = useSignal<ApiError | null>(null);
  const made = useSignal<JobView | null>(null);
  const busy = useSignal(false);
  const key = useRef(newKey());

  const change = (part: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...part };
    key.current = newKey();
    // What is being mended is not complained about meanwhile.
    errors.value = [];
    problem.value = null;
  };

  const send = async (): Promise<boolean> => {
    try {
      made.value = await createJob(draftBody(draft.value), key.current);
      change(nextDraft(draft.value));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.value = error.fields.filter(({ field }) => SHOWN.some((name) => isOf(field, name)));
      problem.value = errors.value.length === 0 ? error : null;
      return false;
    }
  };

  const submit = async (): Promise<boolean> => {
    if (busy.value) return false;
    made.value = null;
    errors.value = draftErrors(draft.value);
    if (errors.value.length > 0) return false;
    busy.value = true;
    try {
      return await send();
    } finally {
      busy.value = false;
    }
  };

  return {
    draft: draft.value,
    change,
    errors: errors.value,
    problem: problem.value,
    made: made.value,
    busy: busy.value,
    submit,
  };
}

/** `crypto.randomUUID` is missing on plain http; this is not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
