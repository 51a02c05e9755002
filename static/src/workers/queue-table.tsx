/** Where runs wait, and whether they may begin. */
import type { JSX } from 'preact';
import type { QueueView } from '../../../src/http/schema/queue.ts';
import type { ApiError } from '../api/request.ts';
import { pauseQueue, resumeQueue } from '../api/system.ts';
import { number } from '../format/size.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { runsHref } from '../router.ts';

interface Props {
  readonly queues: readonly QueueView[];
  readonly onChanged: () => void;
  readonly onError: (error: ApiError | null) => void;
}

export function QueueTable({ queues, onChanged, onError }: Props): JSX.Element | null {
  if (queues.length === 0) return null;
  return (
    <section>
      <div class="section-head">
        <h2>Queues</h2>
      </div>
      <PlainTable name="Queues" columns={['Queue', 'Waiting', 'Running', 'At once', 'Workers']}>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <th scope="row">
              <a href={runsHref(`?queue=${encodeURIComponent(queue.name)}`)}>{queue.name}</a>
              {queue.paused && <span class="tag-word">paused</span>}
            </th>
            <td class="number">{number(queue.queued)}</td>
            <td class="number">{number(queue.running)}</td>
            <td class="number">{queue.max_running === null ? 'any number' : `at most ${number(queue.max_running)}`}</td>
            <td class={queue.workers === 0 ? 'why-failed' : 'number'}>
              {queue.workers === 0 ? 'none serves it' : number(queue.workers)}
            </td>
            <td>
              <QueueAction {...{ queue, onChanged, onError }} />
            </td>
          </tr>
        ))}
      </PlainTable>
    </section>
  );
}

function QueueAction({
  queue,
  onChanged,
  onError,
}: Omit<Props, 'queues'> & { readonly queue: QueueView }): JSX.Element {
  const { name, paused } = queue;
  const act = async (): Promise<string> => {
    await (paused ? resumeQueue(name) : pauseQueue(name));
    onChanged();
    return `${paused ? 'Resumed' : 'Paused'} ${name}`;
  };
  return (
    <ActionButton icon={paused ? 'play' : 'pause'} text={paused ? 'Resume' : 'Pause'} action={act} onError={onError} />
  );
}
