/** When a job comes next, and the times after that, as the server's parser has them. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { previewSchedule } from '../api/schedules.ts';
import { fullTime, zonedTime } from '../format/time.ts';
import { Until } from '../parts/moment.tsx';
import { useResource } from '../resource.ts';

const SHOWN = 3;

export function NextSlots({ job }: { readonly job: JobView }): JSX.Element {
  const next = job.next_run_at;
  const load = (signal: AbortSignal): Promise<readonly { readonly at: string; readonly local: string }[]> =>
    next === null ? Promise.resolve([]) : nextSlots(job, next, signal);
  const slots = useResource(`${next} ${job.version}`, load, () => false).value.value ?? [];
  if (next === null) return <span class="quiet">{job.status === 'paused' ? 'paused' : 'no time is left'}</span>;
  return (
    <span class="preview">
      <span class="next-in">
        <Until at={next} />
      </span>
      {slots.map((slot, index) => (
        <time key={slot.at} dateTime={slot.at} title={fullTime(Date.parse(slot.at))} class="number">
          {zonedTime(slot.local, slots[index - 1]?.local ?? null)}
        </time>
      ))}
    </span>
  );
}

/** `@every` counts from where the job started, so its own next slot is where the preview starts. */
async function nextSlots(
  job: JobView,
  next: string,
  signal: AbortSignal,
): Promise<readonly { readonly at: string; readonly local: string }[]> {
  const startsAt = job.schedule.startsWith('@every') ? next : job.starts_at;
  const query = { schedule: job.schedule, timezone: job.timezone ?? '', startsAt, endsAt: job.ends_at, count: SHOWN };
  return (await previewSchedule(query, signal)).slots;
}
