/** How long a run took, or has been taking: `4.2 s`, ticking while it runs. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { duration, wholeSeconds } from '../format/duration.ts';

interface Props {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** As its worker measured it, when it has ended. */
  readonly durationMs?: number | null;
}

/** The text alone; empty before the start. */
function elapsed({ startedAt, finishedAt, durationMs }: Props): string {
  if (durationMs != null) return duration(durationMs);
  if (startedAt === null) return '';
  const start = Date.parse(startedAt);
  return finishedAt === null ? wholeSeconds(Math.max(0, now.value - start)) : duration(Date.parse(finishedAt) - start);
}

/** Nothing before the start. */
export function Elapsed(props: Props): JSX.Element | null {
  const text = elapsed(props);
  return text === '' ? null : <span class="number">{text}</span>;
}
