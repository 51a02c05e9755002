/** When a job comes next, and the times after that, as the server's parser has them, with what changes of the clock do to them. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { PreviewView } from '../../../src/http/schema/preview.ts';
import { previewSchedule } from '../api/schedules.ts';
import { now } from '../clock.ts';
import { until } from '../format/duration.ts';
import { dayTime, fullTime, zonedTime } from '../format/time.ts';
import { useResource } from '../resource.ts';
import { shownZone, zone } from '../zone.ts';

const SHOWN = 5;

export function NextSlots({ job }: { readonly job: JobView }): JSX.Element {
  const next = job.next_run_at;
  const load = (signal: AbortSignal): Promise<PreviewView | null> =>
    next === null ? Promise.resolve(null) : nextSlots(job, next, signal);
  const view = useResource(`slots ${job.id} ${next} ${job.version}`, load, () => false).value.value;
  if (next === null) {
    return <p class="quiet">{job.status === 'paused' ? 'It is paused.' : 'No time is left.'}</p>;
  }
  return (
    <>
      <ol class="next-times">
        {(view?.slots ?? []).map(({ at, local }) => (
          <li key={at}>
            <time dateTime={at} title={fullTime(Date.parse(at), shownZone(job.timezone))} class="number">
              {zone.value === 'job' ? zonedTime(local, null) : dayTime(Date.parse(at), shownZone())}
            </time>
            <span class="quiet number">{until(Date.parse(at), now.value)}</span>
          </li>
        ))}
      </ol>
      {view?.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </>
  );
}

/** `@every` counts from where the job started, so its own next slot is where the preview starts. */
function nextSlots(job: JobView, next: string, signal: AbortSignal): Promise<PreviewView> {
  const startsAt = job.schedule.startsWith('@every') ? next : job.starts_at;
  const query = { schedule: job.schedule, timezone: job.timezone ?? '', startsAt, endsAt: job.ends_at, count: SHOWN };
  return previewSchedule(query, signal);
}
