/** How long a job's runs took, and when in the week they start: of the newest 200. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { listJobRuns } from '../api/jobs.ts';
import { HeatMap } from '../charts/heat-map.tsx';
import { TimeChart } from '../charts/time-chart.tsx';
import { now } from '../clock.ts';
import { duration } from '../format/duration.ts';
import { plural } from '../format/size.ts';
import { shortTime } from '../format/time.ts';
import { useResource } from '../resource.ts';
import { navigate, runHref } from '../router.ts';
import { shownZone } from '../zone.ts';
import { weekOf } from './week.ts';

const LOOKED_AT = 200;
/** Fewer bars than this are drawn as broad as if there were so many. */
const LEAST_BARS = 40;

export function JobCharts({ job }: { readonly job: JobView }): JSX.Element | null {
  const load = (signal: AbortSignal): Promise<readonly RunView[]> =>
    listJobRuns(job.id, { limit: LOOKED_AT, cursor: null, signal }).then(({ runs }) => runs);
  const runs = useResource(`charts of ${job.id}`, load, ({ kind, id }) => kind === 'run' && id.startsWith(job.id));
  const started = runs.value.value?.filter((run) => run.started_at !== null) ?? [];
  if (started.length < 2) return null;
  const zone = shownZone(job.timezone);
  return (
    <div class="charts job-charts">
      <Durations runs={started.toReversed()} zone={zone} />
      <HeatMap title="When it runs" about={`${plural(started.length, 'run')}, ${zone}`} cells={weekOf(started, zone)} />
    </div>
  );
}

function Durations({ runs, zone }: { readonly runs: readonly RunView[]; readonly zone: string }): JSX.Element {
  const padding = Array.from({ length: Math.max(0, LEAST_BARS - runs.length) }, () => null);
  const shown: readonly (RunView | null)[] = [...padding, ...runs];
  const values = (wanted: (run: RunView) => boolean): readonly (number | null)[] =>
    shown.map((run) => (run !== null && wanted(run) ? run.duration_ms : null));
  const times = runs.flatMap((run) => (run.status === 'succeeded' ? (run.duration_ms ?? []) : []));
  return (
    <TimeChart
      title="How long it takes"
      kind="bars"
      steps={shown.map((run) =>
        run?.started_at == null ? '' : `#${run.number} ${shortTime(Date.parse(run.started_at), now.peek(), zone)}`,
      )}
      shortSteps={shown.map((run) => (run === null ? '' : `#${run.number}`))}
      words={duration}
      summary={times.length === 0 ? 'none has succeeded' : `half within ${duration(median(times))}`}
      series={[
        { name: 'Succeeded', class: 'good', values: values(({ status }) => status === 'succeeded') },
        { name: 'Failed', class: 'bad', values: values(({ status }) => status === 'failed') },
        { name: 'Other', class: 'none', values: values(({ status }) => status !== 'succeeded' && status !== 'failed') },
      ]}
      onStep={(step) => {
        const run = shown[step];
        if (run != null) navigate(runHref(run.id));
      }}
    />
  );
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
