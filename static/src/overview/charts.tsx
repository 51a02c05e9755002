/** The last 24 hours: how runs ended, and how many waited and ran. */
import type { JSX } from 'preact';
import type { Series } from '../../../src/http/schema/stats.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { number, plural } from '../format/size.ts';
import { stepTime } from '../format/time.ts';
import { navigate, runsHref } from '../router.ts';
import { shownZone } from '../zone.ts';

interface Props {
  readonly series: Series;
  /** How many run now. */
  readonly running: number;
}

export function Charts({ series, running }: Props): JSX.Element {
  const { step_seconds: step } = series;
  const points = withPresent(wholeDay(series), running);
  const zone = shownZone();
  const steps = points.map(({ time }) => stepTime(Date.parse(time), zone));
  const total = (of: 'succeeded' | 'failed' | 'cancelled'): number =>
    points.reduce((sum, { ended }) => sum + ended[of], 0);
  const showStep = (index: number): void => {
    const since = points[index]?.time;
    if (since === undefined) return;
    const until = new Date(Date.parse(since) + step * 1_000).toISOString();
    navigate(runsHref(`?${new URLSearchParams({ since, until })}`));
  };
  return (
    <div class="charts">
      <TimeChart
        title="Runs"
        kind="bars"
        steps={steps}
        words={number}
        summary={`24 hours: ${plural(total('succeeded') + total('failed') + total('cancelled'), 'run')}, ${number(total('failed'))} failed`}
        series={[
          { name: 'Succeeded', class: 'good', values: points.map(({ ended }) => ended.succeeded) },
          { name: 'Failed', class: 'bad', values: points.map(({ ended }) => ended.failed) },
          { name: 'Cancelled', class: 'none', values: points.map(({ ended }) => ended.cancelled) },
        ]}
        onStep={showStep}
      />
      <TimeChart
        title="Load"
        kind="lines"
        steps={steps}
        words={number}
        summary={`now ${number(running)} running`}
        series={[
          { name: 'Running', class: 'busy', values: points.map(({ running }) => running) },
          { name: 'Queued', class: 'wait', values: points.map(({ queued }) => queued) },
        ]}
      />
    </div>
  );
}

type Point = Series['points'][number];

const NOTHING: Omit<Point, 'time'> = {
  ended: { succeeded: 0, failed: 0, cancelled: 0, skipped: 0 },
  started_late: 0,
  queued: null,
  running: null,
  duration_ms: { p50: null, p95: null },
  lateness_ms: { p50: null, p95: null },
};

/** The last step is not over: what is known of it is as old as the series, which is fetched once a minute. */
const withPresent = (points: readonly Point[], running: number): readonly Point[] =>
  points.map((point, index) => (index === points.length - 1 ? { ...point, running } : point));

const DAY_SECONDS = 86_400;

/** With the steps before anyone looked: an installation that is new has a day too, of which little is known. */
function wholeDay({ points, step_seconds: step }: Series): readonly Point[] {
  const first = points[0];
  if (first === undefined) return [];
  const missing = Math.max(0, Math.floor(DAY_SECONDS / step) - points.length);
  const before = Array.from({ length: missing }, (_, index): Point => {
    const at = Date.parse(first.time) - (missing - index) * step * 1_000;
    return { time: new Date(at).toISOString(), ...NOTHING };
  });
  return [...before, ...points];
}
