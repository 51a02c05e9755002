import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { startApi, type Api } from '../support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('making a job', () => {
  it('takes the two bodies of the design as they are', async () => {
    const once = await api.call<JobView>('POST', '/api/jobs', {
      body: { command: "echo 'Hello, World!'", type: 'once', schedule: '' },
    });
    expect(once.status).toBe(201);
    expect(once.body).toMatchObject({ command: "echo 'Hello, World!'", type: 'once', status: 'pending', version: 1 });
    expect(once.headers).toMatchObject({ location: `/api/jobs/${once.body.id}`, etag: '"1"' });

    const cron = await api.call<JobView>('POST', '/api/jobs', {
      body: { command: 'date >> date.log', type: 'cron', schedule: '*/10 * * * * *' },
    });
    expect(cron.body).toMatchObject({
      type: 'cron',
      status: 'scheduled',
      schedule_words: 'Every 10 seconds',
      timezone: 'UTC',
    });
    expect(Date.parse(cron.body.next_run_at ?? '') % 10_000).toBe(0);
  });
});
