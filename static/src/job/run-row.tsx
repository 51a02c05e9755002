/** A run in its job's list; or a record of slots that gave none. */
import type { JSX } from 'preact';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { now } from '../clock.ts';
import { runName, skippedWords, TRIGGER_WORDS, whyWords } from '../format/reason.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment } from '../parts/moment.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { runHref } from '../router.ts';

export function RunRow({ run, named }: { readonly run: RunView; readonly named: boolean }): JSX.Element {
  if (run.skipped !== null) return <SkippedRow run={run} />;
  const why = whyWords(run, now.value);
  return (
    <tr>
      <th scope="row">
        <a href={runHref(run.id)}>{named ? runName(run) : `#${run.number}`}</a>
      </th>
      <td data-label="State">
        <StatusBadge status={run.status} />
      </td>
      <td data-label="Why" class={why === '' ? 'why none' : 'why'}>
        {why || <span class="quiet">–</span>}
      </td>
      <td data-label="Trigger">{TRIGGER_WORDS[run.trigger]}</td>
      <td data-label="Attempts" class="number">
        {run.attempt}
      </td>
      <td data-label="Started" class={run.started_at === null ? 'number none' : 'number'}>
        {run.started_at === null ? <span class="quiet">–</span> : <Moment at={run.started_at} />}
      </td>
      <td data-label="Duration" class={run.started_at === null ? 'none' : ''}>
        <Elapsed startedAt={run.started_at} finishedAt={run.finished_at} durationMs={run.duration_ms} />
      </td>
    </tr>
  );
}

const SkippedRow = ({ run }: { readonly run: RunView }): JSX.Element => (
  <tr class="skipped-row">
    <th scope="row">
      <span class="quiet">#{run.number}</span>
    </th>
    <td data-label="State">
      <StatusBadge status="skipped" />
    </td>
    <td data-label="Why" class="why" colSpan={5}>
      {skippedWords(run, now.value)}
    </td>
  </tr>
);
