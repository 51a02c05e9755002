/** What a run executed; when, where and how an attempt of it went. */
import type { JSX } from 'preact';
import type { AttemptView, RunDetail } from '../../../src/http/schema/run-view.ts';
import { TRIGGER_WORDS } from '../format/reason.ts';
import { number } from '../format/size.ts';
import { Fact } from '../job/job-facts.tsx';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment, Until } from '../parts/moment.tsx';
import type { Executed } from './use-executed.ts';

interface Props {
  readonly run: RunDetail;
  /** Null before the first. */
  readonly attempt: AttemptView | null;
  readonly executed: Executed;
}

export const RunFacts = ({ run, attempt, executed }: Props): JSX.Element => (
  <>
    {executed !== null && (
      <pre class="command run-command" tabIndex={0} aria-label="Command">
        <code>{executed?.command ?? ' '}</code>
      </pre>
    )}
    <Facts run={run} attempt={attempt} executed={executed} />
  </>
);

const Facts = ({ run, attempt, executed }: Props): JSX.Element => (
  <dl class="facts">
    <Fact name="Trigger">{TRIGGER_WORDS[run.trigger]}</Fact>
    {run.scheduled_for !== null && (
      <Fact name="Scheduled for">
        <Moment at={run.scheduled_for} />
      </Fact>
    )}
    {run.ready_at !== null && (
      <Fact name="Next attempt">
        <Until at={run.ready_at} />
      </Fact>
    )}
    {run.started_at === null && (
      <Fact name="Created">
        <Moment at={run.created_at} />
      </Fact>
    )}
    {attempt !== null && <AttemptFacts attempt={attempt} />}
    <Fact name="Queue">{run.queue}</Fact>
    {executed != null && Object.keys(executed.env).length > 0 && (
      <Fact name="Environment">
        <code>{Object.keys(executed.env).join(' ')}</code>
      </Fact>
    )}
  </dl>
);

const AttemptFacts = ({ attempt }: { readonly attempt: AttemptView }): JSX.Element => (
  <>
    <Fact name="Started">
      <Moment at={attempt.started_at} />
    </Fact>
    {attempt.finished_at !== null && (
      <Fact name="Finished">
        <Moment at={attempt.finished_at} />
      </Fact>
    )}
    <Fact name="Duration">
      <Elapsed startedAt={attempt.started_at} finishedAt={attempt.finished_at} durationMs={attempt.duration_ms} />
    </Fact>
    {attempt.exit_code !== null && <Fact name="Exit code">{attempt.exit_code}</Fact>}
    {attempt.signal !== null && <Fact name="Signal">{attempt.signal}</Fact>}
    {attempt.left_running > 0 && <Fact name="Left running">{leftWords(attempt)}</Fact>}
    <Fact name="Worker">{attempt.worker}</Fact>
  </>
);

/** `2 processes in the background`. */
function leftWords({ left_running: left, status, reason }: AttemptView): string {
  const processes = left === 1 ? '1 process' : `${number(left)} processes`;
  const wasTold = status === 'cancelled' || reason === 'timeout' || reason === 'lost';
  return `${processes} ${wasTold ? 'that could not be ended' : 'in the background'}`;
}
