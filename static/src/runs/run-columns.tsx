/** What a list of runs shows of each. */
import type { JSX } from 'preact';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { now } from '../clock.ts';
import { skippedWords, TRIGGER_WORDS, whyWords } from '../format/reason.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { MomentAgo } from '../parts/moment.tsx';
import { RunLink } from '../parts/run-link.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { runHref, workersHref } from '../router.ts';
import type { Column } from '../table/data-table.tsx';

interface Wishes {
  /** Whether each says whose it is. */
  readonly named: boolean;
  /** The job's zone, when all are of one. */
  readonly zone: string | null;
}

export const runColumns = ({ named, zone }: Wishes): readonly Column<RunView>[] => [
  { name: 'State', class: 'state', cell: (run) => <StatusBadge status={run.status} /> },
  {
    name: 'Run',
    class: 'what',
    isHeader: true,
    cell: (run) => (named ? <RunLink run={run} /> : <a href={runHref(run.id)}>#{run.number}</a>),
  },
  { name: 'Why', class: 'why', cell: (run) => (hasWhy(run) ? <Why run={run} /> : null) },
  { name: 'Trigger', class: 'trigger', cell: (run) => TRIGGER_WORDS[run.trigger] },
  {
    name: 'Attempt',
    class: 'attempt number',
    cell: (run) => (run.attempt > 1 ? run.attempt : null),
  },
  {
    name: 'Worker',
    class: 'worker',
    cell: (run) => (run.worker === null ? null : <a href={workersHref(run.worker)}>{run.worker}</a>),
  },
  {
    name: 'Started',
    class: 'started number',
    cell: (run) => (run.started_at === null ? null : <MomentAgo at={run.started_at} zone={zone} />),
  },
  {
    name: 'Duration',
    class: 'duration',
    cell: (run) =>
      run.started_at === null ? null : (
        <Elapsed startedAt={run.started_at} finishedAt={run.finished_at} durationMs={run.duration_ms} />
      ),
  },
];

/** Most have none, which leaves the place on a phone to other cells. Whether it has some, no time changes. */
const hasWhy = (run: RunView): boolean => whyOf(run, 0) !== '';

const whyOf = (run: RunView, at: number): string => (run.skipped === null ? whyWords(run, at) : skippedWords(run, at));

/** May count down, so it is drawn for itself. */
function Why({ run }: { readonly run: RunView }): JSX.Element {
  const words = whyOf(run, now.value);
  return <span title={words}>{words}</span>;
}
