/** The numbers that matter, each a way to what it counts. */
import type { JSX } from 'preact';
import type { Series } from '../../../src/http/schema/stats.ts';
import type { StatsView } from '../../../src/http/schema/system.ts';
import { number } from '../format/size.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { runsHref, workersHref } from '../router.ts';

interface Props {
  readonly stats: StatsView;
  /** Of the last 24 hours. */
  readonly series: Series | null;
}

export function Tiles({ stats, series }: Props): JSX.Element {
  const { runs, late, workers } = stats;
  const failed = series?.points.reduce((sum, { ended }) => sum + ended.failed, 0) ?? null;
  // Runs of workers out of contact count, and those slots do not. What workers say of themselves comes seconds later.
  const hasLost = runs.running > workers.slots;
  const busy = hasLost ? workers.busy : runs.running;
  const overdue = late.waiting + late.overdue;
  return (
    <ul class="tiles">
      <Tile
        icon="spinner"
        text="Running"
        value={runs.running}
        about={hasLost ? 'some out of contact' : `of ${number(workers.slots)} slots`}
        href={runsHref('?status=running')}
        tone={runs.running > 0 ? 'busy' : ''}
      />
      <Tile
        icon="clock"
        text="Queued"
        value={runs.pending}
        about={waiting(runs.pending)}
        href={runsHref('?status=pending')}
        tone={runs.pending > 0 ? 'wait' : ''}
      />
      <Tile
        icon="cross"
        text="Failed"
        value={failed}
        about="in 24 hours"
        href={runsHref('?status=failed&since=24h')}
        tone={(failed ?? 0) > 0 ? 'bad' : ''}
      />
      <Tile
        icon="warning"
        text="Late"
        value={overdue}
        about={overdue > 0 ? 'should have started' : 'all in time'}
        href={runsHref('?late=true&since=24h')}
        tone={overdue > 0 ? 'bad' : ''}
      />
      <Tile
        icon="server"
        text="Workers"
        value={workers.alive}
        about={workers.alive === 0 ? 'nothing will run' : `${number(busy)} of ${number(workers.slots)} busy`}
        href={workersHref()}
        tone={workers.alive === 0 ? 'bad' : ''}
      />
    </ul>
  );
}

const waiting = (pending: number): string => (pending === 0 ? 'nothing waits' : 'for a slot or a time');

interface TileProps {
  readonly icon: IconName;
  readonly text: string;
  /** Null while it is not known. */
  readonly value: number | null;
  readonly about: string;
  readonly href: string;
  /** Of the colour; none when there is nothing to see. */
  readonly tone: '' | 'busy' | 'wait' | 'bad';
}

const Tile = ({ icon, text, value, about, href, tone }: TileProps): JSX.Element => (
  <li>
    <a class={`tile ${tone}`} href={href}>
      <span class="tile-name">
        <Icon name={icon} />
        {text}
      </span>
      <span class="tile-value">{value === null ? '–' : number(value)}</span>
      <span class="quiet">{about}</span>
    </a>
  </li>
);
