/**
 * What a schedule means, asked while it is typed: not at every key, and an answer to what was typed before is dropped.
 * While its times pass, new ones are asked for.
 */
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import type { PreviewView } from '../../../src/http/schema/preview.ts';
import { logins } from '../api/login-needed.ts';
import { ApiError } from '../api/request.ts';
import { previewSchedule } from '../api/schedules.ts';
import { now } from '../clock.ts';
import type { Draft } from './draft.ts';

const TYPING_MS = 200;
const SHOWN = 5;
/** More than are shown, so that a schedule of every second is not asked about every second. */
const ASKED = 20;

export interface Preview {
  /** Null before the first answer, and while the schedule is empty or cannot be read. */
  readonly view: PreviewView | null;
  readonly errors: readonly FieldError[];
}

/** As `<input type="datetime-local">` has them; empty for none. */
type Bounds = Pick<Draft, 'starts_at' | 'ends_at'>;

const NOTHING: Preview = { view: null, errors: [] };

/** @param schedule empty: nothing is asked. */
export function usePreview(schedule: string, timezone: string, bounds: Bounds): Preview {
  const preview = useSignal(NOTHING);
  const round = useSignal(0);
  useEffect(() => {
    if (schedule.trim() === '') {
      preview.value = NOTHING;
      return undefined;
    }
    const abort = new AbortController();
    const askNow = async (): Promise<void> => {
      const answer = await ask(schedule, timezone, bounds, abort.signal);
      if (!abort.signal.aborted) preview.value = answer ?? preview.value;
    };
    const timer = setTimeout(() => void askNow(), TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [schedule, timezone, bounds.starts_at, bounds.ends_at, round.value, logins.value]);
  const used = useComputed(() => usedUp(preview.value.view, now.value));
  useSignalEffect(() => {
    if (used.value) round.value = round.peek() + 1;
  });
  return preview.value;
}

/** The times that are still to come, as many as are shown. */
export const comingSlots = (view: PreviewView, at: number): PreviewView['slots'] =>
  view.slots.filter((slot) => Date.parse(slot.at) > at).slice(0, SHOWN);

const usedUp = (view: PreviewView | null, at: number): boolean =>
  view?.slots.length === ASKED && comingSlots(view, at).length < SHOWN;

/** Null when there is no answer: what was shown stays. */
async function ask(schedule: string, timezone: string, bounds: Bounds, signal: AbortSignal): Promise<Preview | null> {
  const [startsAt, endsAt] = [bounds.starts_at, bounds.ends_at].map((text) =>
    text === '' ? null : new Date(text).toISOString(),
  );
  const query = { schedule, timezone, count: ASKED, startsAt: startsAt ?? null, endsAt: endsAt ?? null };
  try {
    return { view: await previewSchedule(query, signal), errors: [] };
  } catch (error) {
    return error instanceof ApiError && error.fields.length > 0 ? { view: null, errors: error.fields } : null;
  }
}
