/** Numbers over time, and of one job. */
import { z } from 'zod';
import { RUN_STATUSES } from '../../domain/run.ts';
import { runReason } from './run-view.ts';
import { count, runIdText, time, timeGiven } from './scalar.ts';

/** How many points a series has at most. */
export const MOST_POINTS = 500;

export const seriesQuery = z.strictObject({
  since: timeGiven.optional().describe('From when on. Default: 24 hours before `until`.'),
  until: timeGiven.optional().describe('Until when. Default: now.'),
  points: z
    .int()
    .min(1)
    .max(MOST_POINTS)
    .optional()
    .meta({ description: 'About how many points, 1 to 500. A step is at least a minute.', default: 96 }),
});
export type SeriesQuery = z.infer<typeof seriesQuery>;

const milliseconds = z.number().min(0).nullable();

const percentiles = z
  .strictObject({
    p50: milliseconds.describe('Half of them took no longer.'),
    p95: milliseconds.describe('19 of 20 took no longer.'),
  })
  .meta({ id: 'Percentiles', description: 'In milliseconds, null when there were none.' });

export const series = z
  .strictObject({
    step_seconds: z.int().min(60).describe('How long a step is.'),
    points: z
      .array(
        z.strictObject({
          time: time.describe('When the step begins.'),
          ended: z
            .strictObject({
              succeeded: count.describe('Exited with 0.'),
              failed: count.describe('Failed, without an attempt left.'),
              cancelled: count.describe('Cancelled.'),
              skipped: count.describe('Records of skipped slots that were begun.'),
            })
            .describe('How many runs ended within it.'),
          started_late: count.describe('How many started late within it.'),
          queued: count.nullable().describe('How many waited in queues at its end. Null: nobody looked.'),
          running: count.nullable().describe('How many were running at its end. Null: nobody looked.'),
          duration_ms: percentiles.describe(
            'Of the attempts that ended within it; as exact as the buckets of the metrics.',
          ),
          lateness_ms: percentiles.describe('From the time of a run to its start, of those that started within it.'),
        }),
      )
      .describe('The oldest first. A step that lies before the first sample has none.'),
  })
  .meta({ id: 'Series', description: 'What happened, step by step.' });
export type Series = z.infer<typeof series>;

/** Of how many of its newest runs a job's numbers are made. */
export const RUNS_LOOKED_AT = 200;
/** How many of them are shown one by one. */
export const RUNS_SHOWN = 20;

export const jobStats = z
  .strictObject({
    runs: count.describe('How many runs these numbers are about: the newest that are kept, 200 at most.'),
    ended: z
      .strictObject({
        succeeded: count.describe('Exited with 0.'),
        failed: count.describe('Failed.'),
        cancelled: count.describe('Cancelled.'),
        skipped: count.describe('Records of skipped slots.'),
      })
      .describe('How those of them ended that have.'),
    late: count.describe('How many of them started late, or wait and are late.'),
    duration_ms: percentiles.describe('How long the newest attempts of those took that succeeded.'),
    lateness_ms: percentiles.describe('From their time to their start, of those that started.'),
    last: z
      .array(
        z.strictObject({
          id: runIdText.describe('The run.'),
          number: z.int().min(1).describe('Its number.'),
          status: z.enum(RUN_STATUSES).describe('Where it stands.'),
          reason: runReason.nullable(),
          started_at: time.nullable().describe('When it started.'),
          duration_ms: milliseconds.describe('How long its newest attempt took.'),
        }),
      )
      .max(RUNS_SHOWN)
      .describe('The newest 20, newest first.'),
  })
  .meta({ id: 'JobStats', description: 'How a job has fared lately.' });
export type JobStats = z.infer<typeof jobStats>;
