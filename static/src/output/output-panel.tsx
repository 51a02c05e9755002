/** The output of one attempt: live, with what one needs to read it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { AttemptView } from '../../../src/http/schema/run-view.ts';
import { outputHref } from '../api/runs.ts';
import { number, plural, size } from '../format/size.ts';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { useOutput } from './use-output.ts';

interface Props {
  readonly run: string;
  readonly attempt: AttemptView;
}

const STREAMS = [
  { value: 'both', text: 'Both' },
  { value: 'stdout', text: 'stdout' },
  { value: 'stderr', text: 'stderr' },
] as const;

export function OutputPanel({ run, attempt }: Props): JSX.Element {
  const { scroller, view, error, connected, empty } = useOutput(run, attempt.number);
  const streams = useSignal<(typeof STREAMS)[number]['value']>('both');
  const times = useSignal(false);
  const wrap = useSignal(true);
  const classes = ['log', `only-${streams.value}`, times.value && 'times', wrap.value && 'wrap'].filter(Boolean);
  const running = attempt.finished_at === null;
  const dropped = view.value?.dropped.value ?? 0;
  return (
    <section class="output" aria-label="Output">
      <div class="log-bar">
        <Segmented
          legend="Streams"
          choices={STREAMS}
          value={streams.value}
          onChange={(value) => (streams.value = value)}
        />
        <Toggle text="Times" on={times.value} onChange={(on) => (times.value = on)} />
        <Toggle text="Wrap" on={wrap.value} onChange={(on) => (wrap.value = on)} />
        <span class="quiet number">{size(attempt.output_bytes)}</span>
        <a class="button" href={outputHref(run, attempt.number)} download={`${run}.${attempt.number}.log`}>
          <Icon name="download" />
          Download
        </a>
      </div>
      {error.value !== null && <Problem error={error.value} />}
      {dropped > 0 && <p class="log-note quiet">{number(dropped)} earlier lines are only in the download.</p>}
      <div class="log-frame">
        <div ref={scroller} class={classes.join(' ')} tabIndex={0} role="region" aria-label="Output lines" />
        {empty.value && (
          <p class="log-empty quiet">{running ? 'Nothing has been written yet.' : 'It wrote nothing.'}</p>
        )}
        {view.value?.following.value === false && (running || view.value.unseen.value > 0) && (
          <button type="button" class="to-end" onClick={() => view.value?.toEnd()}>
            <Icon name="down" />
            {view.value.unseen.value > 0 ? plural(view.value.unseen.value, 'new line') : 'Follow'}
          </button>
        )}
      </div>
      {running && !connected.value && <p class="log-note quiet">The connection is lost; reading on when it is back.</p>}
    </section>
  );
}

interface ToggleProps {
  readonly text: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

const Toggle = ({ text, on, onChange }: ToggleProps): JSX.Element => (
  <label class="toggle">
    <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
    {text}
  </label>
);
