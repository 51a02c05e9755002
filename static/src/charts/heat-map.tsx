/** When in the week runs start: a cell for each hour of each weekday, the darker the more; a dot where one failed. */
import type { JSX } from 'preact';
import { plural } from '../format/size.ts';

export interface HeatCell {
  readonly runs: number;
  readonly failed: number;
}

interface Props {
  readonly title: string;
  readonly about: string;
  /** 7 × 24, Monday first. */
  readonly cells: readonly (readonly HeatCell[])[];
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const CELL = 20;
const GAP = 2;
const LEFT = 34;
const TOP = 18;
const SHADES = 5;

export function HeatMap({ title, about, cells }: Props): JSX.Element {
  const most = Math.max(1, ...cells.flat().map(({ runs }) => runs));
  return (
    <figure class="chart heat">
      <figcaption>
        <h2>{title}</h2>
        <span class="quiet">{about}</span>
      </figcaption>
      <div class="heat-scroll" tabIndex={0} role="region" aria-label={title}>
        <svg viewBox={`0 0 ${LEFT + 24 * CELL} ${TOP + 7 * CELL}`} role="img" aria-label={`${title}: ${words(cells)}`}>
          {[0, 3, 6, 9, 12, 15, 18, 21].map((hour) => (
            <text key={hour} x={LEFT + hour * CELL} y={11}>
              {String(hour).padStart(2, '0')}
            </text>
          ))}
          {cells.map((hours, day) => (
            <g key={DAYS[day]}>
              <text x={0} y={TOP + day * CELL + 13}>
                {DAYS[day]}
              </text>
              {hours.map(({ runs, failed }, hour) => (
                <Cell key={`${day} ${hour}`} {...{ day, hour, runs, failed, most }} />
              ))}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}

interface CellProps extends HeatCell {
  readonly day: number;
  readonly hour: number;
  readonly most: number;
}

function Cell({ day, hour, runs, failed, most }: CellProps): JSX.Element {
  const [x, y] = [LEFT + hour * CELL, TOP + day * CELL];
  const size = CELL - GAP;
  return (
    <g>
      <title>{`${DAYS[day]} ${String(hour).padStart(2, '0')}:00, ${cellWords({ runs, failed })}`}</title>
      <rect
        class={`heat-${runs === 0 ? 0 : Math.ceil((runs / most) * SHADES)}`}
        x={x}
        y={y}
        width={size}
        height={size}
        rx="3"
      />
      {failed > 0 && <circle class="bar-failed" cx={x + size / 2} cy={y + size / 2} r="3.5" />}
    </g>
  );
}

function words(cells: Props['cells']): string {
  const all = cells.flat();
  const runs = all.reduce((sum, cell) => sum + cell.runs, 0);
  const failed = all.reduce((sum, cell) => sum + cell.failed, 0);
  return cellWords({ runs, failed });
}

const cellWords = ({ runs, failed }: HeatCell): string =>
  plural(runs, 'run') + (failed === 0 ? '' : `, ${failed} failed`);
