/** A job's row in the calendar: what ran and how long, what is to come. Where that is too much to tell apart, a band. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { listRuns } from '../api/runs.ts';
import { duration } from '../format/duration.ts';
import { plural } from '../format/size.ts';
import { shortTime } from '../format/time.ts';
import { useJobNumbers } from '../jobs/job-numbers.ts';
import { jobName } from '../jobs/job-columns.tsx';
import { STATUS_WORDS } from '../parts/status.tsx';
import { useResource } from '../resource.ts';
import { jobHref, navigate, runHref } from '../router.ts';
import { barsOf, type Bar } from './bars.ts';
import { present } from './present.ts';
import type { CalendarSpan } from './span.ts';
import { isDense, type Drawn, type Entry } from './use-calendar.ts';

const MOST_RUNS = 200;
/** A run that began this long before the span may last into it. */
const REACH = 24 * 3_600_000;

interface Props {
  readonly entry: Entry;
  readonly span: CalendarSpan;
  readonly zone: string;
  readonly drawn: Drawn;
}

export function CalendarRow({ entry, span, zone, drawn }: Props): JSX.Element {
  const { job, slots } = entry;
  const dense = isDense(entry);
  const runs = useRuns(entry, span, dense);
  const usual = useJobNumbers(job).value?.duration_ms.p50 ?? null;
  const at = present.value;
  const bars = useMemo(() => barsOf({ runs, slots, usual: usual ?? 0 }, span, at), [runs, slots, usual, at]);
  useEffect(() => drawn.set(entry, dense ? [] : bars), [bars]);
  useEffect(() => () => drawn.remove(entry), []);
  const name = jobName(job);
  const onClick = (event: MouseEvent): void => {
    const run = event.target instanceof HTMLElement ? event.target.dataset['run'] : undefined;
    if (run !== undefined) navigate(runHref(run));
  };
  return (
    <li class="cal-row">
      <div class="cal-name">
        <a href={jobHref(job.name ?? job.id)} class={job.name === null ? 'mono' : ''}>
          {name}
        </a>
        <span class="quiet">{job.status === 'paused' ? 'paused' : job.schedule_words}</span>
      </div>
      <div
        class="cal-line"
        role="img"
        aria-label={words(name, bars, dense ? job.schedule_words : null, zone)}
        onClick={onClick}
      >
        {dense && <Band entry={entry} span={span} />}
        {bars.map((bar) => (
          <div
            key={`${bar.run?.id} ${bar.from}`}
            class={`cal-bar ${bar.run === null ? 'coming' : `is-${bar.run.status}`} ${bar.overlaps ? 'overlaps' : ''}`}
            style={placed(bar, span)}
            title={barWords(bar, usual, zone)}
            data-run={bar.run?.id}
          />
        ))}
      </div>
    </li>
  );
}

/** Those of the span, and what may last into it; where they are too many, only those of it that failed. */
function useRuns({ job }: Entry, { since, until }: CalendarSpan, dense: boolean): readonly RunView[] {
  const load = async (signal: AbortSignal): Promise<readonly RunView[]> => {
    if (since > present.peek()) return [];
    const from = dense ? since : since - REACH;
    const between = { since: new Date(from).toISOString(), until: new Date(until).toISOString() };
    const filter = { job: job.id, ...between, ...(dense && { status: 'failed' }) };
    return (await listRuns(filter, { limit: MOST_RUNS, cursor: null, signal })).runs;
  };
  const key = `row ${job.id} ${since} ${until} ${dense}`;
  const runs = useResource(key, load, ({ kind, id }) => !dense && kind === 'run' && id.startsWith(job.id));
  return runs.value.value ?? NO_RUNS;
}

const NO_RUNS: readonly RunView[] = [];

/** As dark as there are slots in each hour. */
function Band({ entry, span }: { readonly entry: Entry; readonly span: CalendarSpan }): JSX.Element {
  const hour = 3_600_000;
  const pieces = entry.hours.flatMap((count, index) => {
    const from = span.since + index * hour;
    return count === 0 ? [] : [{ from, to: Math.min(from + hour, span.until), count }];
  });
  const most = Math.max(...entry.hours);
  return (
    <>
      {pieces.map(({ from, to, count }) => (
        <div
          key={from}
          class={`cal-band ${from + hour > present.value ? '' : 'been'}`}
          title={entry.job.schedule_words ?? ''}
          style={{ ...placed({ from, to }, span), opacity: `${0.4 + (0.6 * count) / most}` }}
        />
      ))}
    </>
  );
}

/** Where it lies in the row, in percent of the span; what goes beyond is cut. */
export function placed(
  { from, to }: { readonly from: number; readonly to: number },
  span: CalendarSpan,
): {
  readonly left: string;
  readonly width: string;
} {
  const length = span.until - span.since;
  const left = Math.max(0, from - span.since) / length;
  const width = Math.max(0, Math.min(to, span.until) - Math.max(from, span.since)) / length;
  return { left: `${left * 100}%`, width: `${width * 100}%` };
}

function barWords({ from, to, run, overlaps }: Bar, usual: number | null, zone: string): string {
  const time = shortTime(from, present.peek(), zone);
  const also = overlaps ? ', begins before the one before has ended' : '';
  if (run !== null) return `#${run.number} ${STATUS_WORDS[run.status]}, ${time}, ${duration(to - from)}${also}`;
  return `${time}${usual === null ? '' : `, usually ${duration(usual)}`}${also}`;
}

function words(name: string, bars: readonly Bar[], often: string | null, zone: string): string {
  if (often !== null) return `${name}: ${often}, ${plural(bars.length, 'failed run')}`;
  const been = bars.filter(({ run }) => run !== null);
  const failed = been.filter(({ run }) => run?.status === 'failed').length;
  const coming = bars.filter(({ run }) => run === null);
  const [next] = coming;
  const at = next === undefined ? '' : `, the next at ${shortTime(next.from, present.peek(), zone)}`;
  return `${name}: ${plural(been.length, 'run')}, ${failed} failed, ${coming.length} to come${at}`;
}
