/** Points in time on the page: what is shown is short, the tooltip is exact. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { ago, until } from '../format/duration.ts';
import { fullTime, shortTime } from '../format/time.ts';

interface Props {
  /** RFC 3339. */
  readonly at: string;
}

function Time({ at, text }: Props & { readonly text: string }): JSX.Element {
  return (
    <time dateTime={at} title={fullTime(Date.parse(at))}>
      {text}
    </time>
  );
}

/** `14:35:10`. */
export const Moment = ({ at }: Props): JSX.Element => <Time at={at} text={shortTime(Date.parse(at), now.value)} />;

/** `4 s ago`. */
export const Ago = ({ at }: Props): JSX.Element => <Time at={at} text={ago(Date.parse(at), now.value)} />;

/** `in 4 s`. */
export const Until = ({ at }: Props): JSX.Element => <Time at={at} text={until(Date.parse(at), now.value)} />;
