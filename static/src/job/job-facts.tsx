/** What a job is: its command, its schedule, and those of its policies that are not the defaults. */
import type { ComponentChildren, JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { wholeSeconds } from '../format/duration.ts';
import { Moment } from '../parts/moment.tsx';
import { NextSlots } from './next-slots.tsx';

export const JobFacts = ({ job }: { readonly job: JobView }): JSX.Element => (
  <section aria-label="What it is" class="job-facts">
    <div>
      <pre class="command" tabIndex={0} aria-label="Command">
        <code>{job.command}</code>
      </pre>
      {job.description !== '' && <p class="description">{job.description}</p>}
      <dl class="facts">
        {job.type === 'cron' ? <CronFacts job={job} /> : <OnceFacts job={job} />}
        <Policies job={job} />
        <Fact name="Created">
          <Moment at={job.created_at} zone={job.timezone} />
          {job.version > 1 && <span class="quiet"> version {job.version}</span>}
        </Fact>
        <Fact name="Id">
          <code class="whole">{job.id}</code>
        </Fact>
      </dl>
    </div>
    {job.type === 'cron' && (
      <section class="card next-card" aria-label="Next times">
        <h2>Next times</h2>
        <NextSlots job={job} />
      </section>
    )}
  </section>
);

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

export const Fact = ({ name, children }: FactProps): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const CronFacts = ({ job }: { readonly job: JobView }): JSX.Element => (
  <>
    <Fact name="Schedule">
      {job.schedule_words} <code>{job.schedule}</code>
    </Fact>
    <Fact name="Time zone">{job.timezone}</Fact>
  </>
);

const OnceFacts = ({ job }: { readonly job: JobView }): JSX.Element => (
  <Fact name="Schedule">Once{job.run_at === null ? '' : [', ', <Moment key="at" at={job.run_at} />]}</Fact>
);

const OVERLAP_WORDS: Readonly<Record<JobView['overlap'], string>> = {
  skip: 'skip the new run',
  queue: 'the new run waits',
  replace: 'end the old run',
  allow: 'run both',
};

function Policies({ job }: { readonly job: JobView }): JSX.Element {
  const seconds = (value: number): string => wholeSeconds(value * 1_000);
  const facts: readonly (readonly [string, string | null])[] = [
    ['Queue', job.queue === 'default' ? null : job.queue],
    ['Priority', job.priority === 0 ? null : String(job.priority)],
    ['When runs overlap', job.type === 'cron' ? OVERLAP_WORDS[job.overlap] : null],
    ['Timeout', job.timeout_seconds === null ? null : seconds(job.timeout_seconds)],
    [
      'Retries',
      job.retries === 0 ? null : `${job.retries}, after ${seconds(job.retry_delay_seconds)}, ${job.retry_backoff}`,
    ],
    ['Working directory', job.cwd],
    ['Environment', Object.keys(job.env).join(', ') || null],
    ['Tags', job.tags.join(', ') || null],
  ];
  return (
    <>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ),
      )}
    </>
  );
}
