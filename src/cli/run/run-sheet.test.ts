import { expect, test } from 'vitest';
import type { RunDetail } from '../../client/client.ts';
import { createPaint } from '../print/paint.ts';
import { runSheet } from './run-sheet.ts';

const AT = '2030-01-01T00:00:00.000Z';

test('a run whose worker is silent says what comes of it, and when', async () => {
  const run = {
    job_name: 'nightly',
    number: 1,
    status: 'running',
    worker: 'web-1',
    contact_lost: true,
    contact_lost_at: AT,
    created_at: AT,
    scheduled_for: null,
    started_at: AT,
    finished_at: null,
    duration_ms: null,
    exit_code: null,
    signal: null,
    waiting_for: null,
    reason: null,
    detail: null,
    output_bytes: 0,
    priority: 0,
    queue: 'default',
    attempt: 1,
    trigger: 'manual',
    id: 'x.1',
    attempts: [],
  } as unknown as RunDetail;
  const moment = { now: Date.parse(AT) + 20_000, zone: 'UTC' };
  const context = { moment, paint: await createPaint(false), width: Number.POSITIVE_INFINITY };
  expect(await runSheet(run, context, 60)).toContain(
    'no word from web-1, noticed 2030-01-01 00:00 UTC (20s ago); unless it comes back, this attempt counts as lost in 40s\n',
  );
  expect(await runSheet(run, context)).toContain('no word from web-1\n');
});
