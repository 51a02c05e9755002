/** How to have one more: a line to paste on another machine. */
import type { JSX } from 'preact';
import { getStats } from '../api/system.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { useResource } from '../resource.ts';
import { quoted } from '../submit/command-line.ts';

export function AddWorker(): JSX.Element | null {
  const stats = useResource('stats', getStats, () => false).value.value;
  if (stats === null) return null;
  const line = workerLine(stats.engine);
  return (
    <section class="card add-worker" aria-labelledby="add-heading">
      <h2 id="add-heading">Add a worker</h2>
      {line === null ? (
        <p>
          This server keeps its data in a file, so it is the only worker. For more machines, run{' '}
          <code>jobsched serve</code> and <code>jobsched worker</code> on a Redis.
        </p>
      ) : (
        <>
          <div class="panel-line">
            <p>On the machine that is to run jobs, with its own way to the Redis:</p>
            <CopyButton text={line} what="the line" />
          </div>
          <pre class="command" tabIndex={0} aria-label="A line that starts a worker">
            <code>{line}</code>
          </pre>
        </>
      )}
    </section>
  );
}

/** Null when the data lies in a file. A password is never shown here: the server leaves it out. */
function workerLine(engine: string): string | null {
  if (!/^rediss?:\/\//.test(engine)) return null;
  return `jobsched worker --redis-url ${quoted(engine)}`;
}
