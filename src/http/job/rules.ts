/** The rules between the fields of a job. Those of a single field are in `schema/job-fields.ts`. */
import { COMMON_DEFAULTS, type JobDefinition } from '../../domain/job.ts';
import type { ScheduleFields } from './schedule-spec.ts';
import type { NewJobBody } from '../schema/job-body.ts';
import { fault, type Fault } from '../request/validate.ts';
import { fromWireTime } from '../reply/wire-time.ts';

/** The fields that could be read. Those at fault are left out, so that all faults are told at once, each once. */
export type ReadableBody = Partial<NewJobBody>;

const CRON_ONLY = ['timezone', 'starts_at', 'ends_at', 'jitter_seconds', 'misfire', 'misfire_window_seconds'] as const;

/** A job with a schedule is a cron job, whatever `type` says; {@link ruleFaults} sees that they agree. */
export function typeOf(body: ReadableBody): JobDefinition['type'] {
  return (body.schedule ?? '').trim() === '' ? 'once' : 'cron';
}

export function ruleFaults(body: ReadableBody): Fault[] {
  return [...typeFaults(body), ...periodFaults(body), ...policyFaults(body)];
}

function typeFaults(body: ReadableBody): Fault[] {
  const type = typeOf(body);
  if (body.type === 'cron' && type === 'once') return [fault('schedule', 'is missing: a cron job needs one', EXAMPLE)];
  if (body.type === 'once' && type === 'cron') {
    return [fault('type', 'is once, but there is a schedule', 'Leave out the schedule, or make it a cron job.')];
  }
  if (type === 'cron') {
    return body.run_at == null ? [] : [fault('run_at', 'is only for once jobs', 'For a cron job, use starts_at.')];
  }
  return CRON_ONLY.filter((field) => body[field] != null).map((field) =>
    fault(field, 'is only for cron jobs', 'Leave it out.'),
  );
}

const EXAMPLE = 'Every ten seconds: "*/10 * * * * *". At two every night: "0 2 * * *".';

export function periodFaults({ starts_at: start, ends_at: end }: ScheduleFields): Fault[] {
  if (start == null || end == null || fromWireTime(start) < fromWireTime(end)) return [];
  return [fault('ends_at', 'must be after starts_at')];
}

function policyFaults(body: ReadableBody): Fault[] {
  const faults: Fault[] = [];
  const overlap = body.overlap ?? 'skip';
  if (body.misfire === 'all' && overlap !== 'queue' && overlap !== 'allow') {
    faults.push(
      fault(
        'misfire',
        `is all, which makes several runs at once, but overlap is ${overlap}`,
        'Set overlap to queue or allow.',
      ),
    );
  }
  if (body.on_lost === 'retry' && (body.retries ?? 0) < 1) {
    faults.push(fault('on_lost', 'is retry, but there are no retries', 'Set retries to at least 1.'));
  }
  const mostDelay = body.retry_max_delay_seconds ?? COMMON_DEFAULTS.retryMaxDelaySeconds;
  if ((body.retry_delay_seconds ?? COMMON_DEFAULTS.retryDelaySeconds) > mostDelay) {
    faults.push(
      fault(
        'retry_delay_seconds',
        `is longer than retry_max_delay_seconds, which is ${mostDelay}`,
        'Raise retry_max_delay_seconds, or shorten the delay.',
      ),
    );
  }
  return faults;
}
