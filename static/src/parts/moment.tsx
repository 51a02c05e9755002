/** Points in time on the page: what is shown is short, the tooltip is exact. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { ago, until } from '../format/duration.ts';
import { fullTime, shortTime } from '../format/time.ts';
import { shownZone } from '../zone.ts';

interface Props {
  /** RFC 3339. */
  readonly at: string;
  /** The zone of the job that it is about, for those who want to see each job's own. */
  readonly zone?: string | null;
}

function Time({ at, zone = null, text }: Props & { readonly text: string }): JSX.Element {
  return (
    <time dateTime={at} title={fullTime(Date.parse(at), shownZone(zone))}>
      {text}
    </time>
  );
}

/** `14:35:10`. */
export const Moment = (props: Props): JSX.Element => (
  <Time {...props} text={shortTime(Date.parse(props.at), now.value, shownZone(props.zone ?? null))} />
);

/** `4 s ago`. */
export const Ago = (props: Props): JSX.Element => <Time {...props} text={ago(Date.parse(props.at), now.value)} />;

/** `14:35:10 4 s ago`. */
export const MomentAgo = ({ at, zone = null }: Props): JSX.Element => (
  <time dateTime={at} title={fullTime(Date.parse(at), shownZone(zone))}>
    {shortTime(Date.parse(at), now.value, shownZone(zone))} <span class="quiet">{ago(Date.parse(at), now.value)}</span>
  </time>
);

/** `in 4 s`. */
export const Until = (props: Props): JSX.Element => <Time {...props} text={until(Date.parse(props.at), now.value)} />;
