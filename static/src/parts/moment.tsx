/** Points in time on the page: what is shown is short, the tooltip is exact. */
import type { ComponentChildren, JSX } from 'preact';
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

function Time({ at, zone = null, children }: Props & { readonly children: ComponentChildren }): JSX.Element {
  return (
    <time dateTime={at} title={fullTime(Date.parse(at), shownZone(zone))}>
      {children}
    </time>
  );
}

const shortOf = ({ at, zone = null }: Props): string => shortTime(Date.parse(at), now.value, shownZone(zone));
const agoOf = ({ at }: Props): string => ago(Date.parse(at), now.value);

/** `14:35:10`. */
export const Moment = (props: Props): JSX.Element => <Time {...props}>{shortOf(props)}</Time>;

/** `4 s ago`. */
export const Ago = (props: Props): JSX.Element => <Time {...props}>{agoOf(props)}</Time>;

/** `14:35:10 4 s ago`. */
export const MomentAgo = (props: Props): JSX.Element => (
  <Time {...props}>
    {shortOf(props)} <span class="quiet">{agoOf(props)}</span>
  </Time>
);

/** `in 4 s`. */
export const Until = (props: Props): JSX.Element => <Time {...props}>{until(Date.parse(props.at), now.value)}</Time>;
