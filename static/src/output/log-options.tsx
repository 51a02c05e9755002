/** How the lines of an output are shown. */
import type { JSX } from 'preact';
import { Segmented } from '../parts/segmented.tsx';
import { storedChoice } from '../stored.ts';

export const wrap = storedChoice('log.wrap', ['on', 'off']);
export const times = storedChoice('log.times', ['off', 'on']);

export const STREAMS = [
  { value: 'both', text: 'Both' },
  { value: 'stdout', text: 'stdout' },
  { value: 'stderr', text: 'stderr' },
] as const;

export type Streams = (typeof STREAMS)[number]['value'];

/** Two pipes have no common clock: whoever reads them cannot know more. */
const ORDER =
  'Lines stand in the order in which the worker read them. stdout and stderr are two pipes: what was written to both within milliseconds may have changed places.';

interface Props {
  readonly streams: Streams;
  readonly onStreams: (streams: Streams) => void;
}

export const LogOptions = ({ streams, onStreams }: Props): JSX.Element => (
  <div class="log-options">
    <span title={ORDER}>
      <Segmented legend="Streams" choices={STREAMS} value={streams} onChange={onStreams} />
    </span>
    <Toggle text="Times" shortcut="t" choice={times} />
    <Toggle text="Wrap" shortcut="w" choice={wrap} />
  </div>
);

/** Turns it on or off. */
export function toggle(choice: typeof wrap): void {
  choice.value = choice.value === 'on' ? 'off' : 'on';
}

interface ToggleProps {
  readonly text: string;
  readonly shortcut: string;
  readonly choice: typeof wrap;
}

const Toggle = ({ text, shortcut, choice }: ToggleProps): JSX.Element => (
  <label class="toggle" title={`${text} (${shortcut})`}>
    <input type="checkbox" checked={choice.value === 'on'} onChange={() => toggle(choice)} />
    {text}
  </label>
);
