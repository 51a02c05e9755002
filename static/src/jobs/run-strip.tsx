/** The last 20 runs of a job, oldest first: one bar each, its colour how it ended, its height how long it took. */
import type { JSX } from 'preact';
import type { JobStats } from '../../../src/http/schema/stats.ts';
import { STATUS_WORDS } from '../parts/status.tsx';

const RUNS = 20;
const STEP = 5;
const BAR = 3.5;
const HEIGHT = 18;
/** So that also the shortest is seen. */
const LEAST = 5;

export function RunStrip({ last }: { readonly last: JobStats['last'] }): JSX.Element {
  const longest = Math.max(1, ...last.map(({ duration_ms: ms }) => ms ?? 0));
  return (
    <svg class="strip" width={RUNS * STEP} height={HEIGHT} role="img" aria-label={words(last)}>
      {last.map(({ id, status, duration_ms: ms }, index) => {
        const height = LEAST + ((HEIGHT - LEAST) * (ms ?? longest)) / longest;
        return (
          <rect
            key={id}
            class={`bar-${status}`}
            x={(RUNS - 1 - index) * STEP}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx="1"
          />
        );
      })}
    </svg>
  );
}

/** `Last 20 runs: 18 succeeded, 2 failed`. */
function words(last: JobStats['last']): string {
  const counts = new Map<string, number>();
  for (const { status } of last) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].map(
    ([status, count]) => `${count} ${STATUS_WORDS[status as keyof typeof STATUS_WORDS].toLowerCase()}`,
  );
  return last.length === 0 ? 'No run yet' : `Last ${last.length} runs: ${parts.join(', ')}`;
}
