/** A worker: whether it is well, what it serves, how busy it is. */
import type { JSX } from 'preact';
import type { WorkerView } from '../../../src/http/schema/system.ts';
import type { ApiError } from '../api/request.ts';
import { drainWorker } from '../api/system.ts';
import { number } from '../format/size.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Ago } from '../parts/moment.tsx';
import { workersHref } from '../router.ts';

interface Props {
  readonly worker: WorkerView;
  readonly onChanged: () => void;
  readonly onError: (error: ApiError | null) => void;
}

type Health = 'active' | 'draining' | 'stopped' | 'silent';

const HEALTH: Readonly<Record<Health, readonly [words: string, icon: IconName, status: string]>> = {
  active: ['Active', 'check', 'succeeded'],
  draining: ['Draining', 'drain', 'pending'],
  stopped: ['Stopped', 'stop', 'cancelled'],
  silent: ['Out of contact', 'warning', 'failed'],
};

export function WorkerCard({ worker, onChanged, onError }: Props): JSX.Element {
  const health: Health = worker.alive || worker.state === 'stopped' ? worker.state : 'silent';
  const [words, icon, status] = HEALTH[health];
  const drain = async (): Promise<string> => {
    await drainWorker(worker.id);
    onChanged();
    return `Draining ${worker.name}`;
  };
  return (
    <li class={`card worker ${health}`}>
      <div class="panel-line">
        <h2>
          <a href={workersHref(worker.name)}>{worker.name}</a>
        </h2>
        <span class={`status status-${status}`}>
          <Icon name={icon} />
          {words}
        </span>
      </div>
      <Slots worker={worker} />
      <dl class="facts">
        <div>
          <dt>Heard of</dt>
          <dd class="number">
            <Ago at={worker.last_seen_at} />
          </dd>
        </div>
        <div>
          <dt>Started</dt>
          <dd class="number">
            <Ago at={worker.started_at} />
          </dd>
        </div>
        <div>
          <dt>Queues</dt>
          <dd>{worker.queues.join(', ')}</dd>
        </div>
        <div>
          <dt>Host</dt>
          <dd>
            {worker.host} <span class="quiet">pid {worker.pid}</span>
          </dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>{worker.version}</dd>
        </div>
      </dl>
      {health === 'active' && (
        <div class="buttons">
          <ActionButton icon="drain" text="Drain" action={drain} onError={onError} />
        </div>
      )}
    </li>
  );
}

/** How many of its slots are busy, as a bar and in words. */
function Slots({ worker: { running, concurrency } }: { readonly worker: WorkerView }): JSX.Element {
  return (
    <div class="slots">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="heat-0" width="100" height="6" rx="1" />
        <rect class="bar-running" width={(100 * running) / Math.max(1, concurrency)} height="6" rx="1" />
      </svg>
      <span class="number">
        {number(running)} of {number(concurrency)} slots busy
      </span>
    </div>
  );
}
