/**
 * Numbers over time as stacked bars or as lines, drawn by ourselves: an SVG of a few hundred shapes follows the theme, the
 * zone and the page's policy by itself, where a library of 23 KB has to be told. What is pointed at stands in the legend,
 * so that nothing moves or covers anything; and all of it is there as a table.
 */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { TableOf } from './chart-table.tsx';
import { sayValue, type Series } from './series.ts';
import { bars, lines, niceTop } from './shapes.ts';

interface Props {
  readonly title: string;
  readonly kind: 'bars' | 'lines';
  /** What each step is called, as `14:35`. */
  readonly steps: readonly string[];
  /** What a step is called under the drawing, where there is little room. Default: the same. */
  readonly shortSteps?: readonly string[];
  readonly series: readonly Series[];
  /** How a number is said. */
  readonly words: (value: number) => string;
  /** Says something about all steps while none is pointed at. */
  readonly summary: string;
  /** Called with the step that is clicked. */
  readonly onStep?: (step: number) => void;
}

/** Of the drawing; it is stretched to the room there is. */
const WIDTH = 960;
const HEIGHT = 120;
/** So many steps have their name under them. */
const NAMED_STEPS = 6;

export function TimeChart({
  title,
  kind,
  steps,
  shortSteps = steps,
  series,
  words,
  summary,
  onStep,
}: Props): JSX.Element {
  const pointed = useSignal<number | null>(null);
  const top = niceTop(highest(kind, series));
  const at = pointed.value;
  const point = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    pointed.value = Math.min(
      steps.length - 1,
      Math.max(0, Math.floor(((event.clientX - left) / width) * steps.length)),
    );
  };
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="legend">
          <span class="quiet number">{at === null ? summary : steps[at]}</span>
          {series.map(({ name, class: colour, values }) => (
            <span key={name} class="number">
              <i class={`key ${colour}`} />
              {name} {at !== null && <b>{sayValue(values[at], words)}</b>}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot">
        <span class="scale number" aria-hidden="true">
          <span>{words(top)}</span>
          <span>{words(top / 2)}</span>
          <span>{words(0)}</span>
        </span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${summary}`}
          class={onStep === undefined ? '' : 'clickable'}
          onPointerMove={point}
          onPointerLeave={() => (pointed.value = null)}
          onClick={() => at !== null && onStep?.(at)}
        >
          <path class="grid" d={`M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} />
          {at !== null && <Pointed step={at} of={steps.length} />}
          {(kind === 'bars' ? bars : lines)({ series, top, width: WIDTH, height: HEIGHT }).map(({ colour, path }) => (
            <path key={colour} class={`${kind} ${colour}`} d={path} />
          ))}
        </svg>
        <span class="steps number" aria-hidden="true">
          {namedSteps(shortSteps).map(({ name, left, width }) => (
            <span key={left} style={{ left, width }}>
              {name}
            </span>
          ))}
        </span>
      </div>
      <TableOf title={title} steps={steps} series={series} words={words} />
    </figure>
  );
}

const Pointed = ({ step, of }: { readonly step: number; readonly of: number }): JSX.Element => (
  <rect class="pointed" x={(step * WIDTH) / of} y="0" width={WIDTH / of} height={HEIGHT} />
);

function highest(kind: Props['kind'], series: readonly Series[]): number {
  const columns = (series[0]?.values ?? []).map((_, step) => series.map(({ values }) => values[step] ?? 0));
  return Math.max(0, ...columns.map((column) => (kind === 'bars' ? sum(column) : Math.max(...column))));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface NamedStep {
  readonly name: string;
  /** Where its bar begins, and its room up to the next that is named. */
  readonly left: string;
  readonly width: string;
}

function namedSteps(steps: readonly string[]): readonly NamedStep[] {
  const every = Math.max(1, Math.ceil(steps.length / NAMED_STEPS));
  const percent = (count: number): string => `${(count * 100) / steps.length}%`;
  return steps.flatMap((name, index) =>
    index % every === 0 ? [{ name, left: percent(index), width: percent(Math.min(every, steps.length - index)) }] : [],
  );
}
