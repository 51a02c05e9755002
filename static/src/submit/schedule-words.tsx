/** Under the schedule: what it means and its next three times; before anything is typed, examples to take. */
import type { JSX } from 'preact';
import type { PreviewView } from '../../../src/http/schema/preview.ts';
import { now } from '../clock.ts';
import { until } from '../format/duration.ts';
import { fullTime, zonedTime } from '../format/time.ts';
import { comingSlots } from './use-preview.ts';

const EXAMPLES = ['*/10 * * * * *', '0 2 * * *', '0 9 * * 1-5', '@every 90s'];

interface Props {
  readonly view: PreviewView | null;
  readonly empty: boolean;
  readonly onTake: (example: string) => void;
}

export function ScheduleWords({ view, empty, onTake }: Props): JSX.Element | null {
  if (empty) return <Examples onTake={onTake} />;
  return view === null ? null : <Meaning view={view} />;
}

const Examples = ({ onTake }: Pick<Props, 'onTake'>): JSX.Element => (
  <span class="examples">
    Such as
    {EXAMPLES.map((example) => (
      <button key={example} type="button" class="link" onClick={() => onTake(example)}>
        <code>{example}</code>
      </button>
    ))}
  </span>
);

function Meaning({ view }: { readonly view: PreviewView }): JSX.Element {
  const slots = comingSlots(view, now.value);
  const first = slots[0];
  const notes = [...view.notes, ...slots.flatMap(({ note }) => note ?? [])];
  return (
    <>
      <span class="preview">
        <b>{view.words}</b>
        {first === undefined && <span class="quiet">no time is left</span>}
        {first !== undefined && <span class="next-in">{until(Date.parse(first.at), now.value)}</span>}
        {slots.map((slot, index) => (
          <time key={slot.at} dateTime={slot.at} title={fullTime(Date.parse(slot.at))} class="number">
            {zonedTime(slot.local, slots[index - 1]?.local ?? null)}
          </time>
        ))}
        <span class="quiet">{view.timezone}</span>
      </span>
      {notes.map((note) => (
        <span key={note} class="note quiet">
          {note}
        </span>
      ))}
    </>
  );
}
