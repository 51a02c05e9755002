import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { request as send } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BulkResult, JobList, JobView, VersionList } from '../../src/http/schema/job-view.ts';
import type { CancelledRuns, RunView } from '../../src/http/schema/run-view.ts';
import { jobId } from '../../src/domain/id.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { MOST_ITEMS } from '../../src/store/store.ts';
import { overridden, startApi, type Api, type ApiOptions } from '../support/api.ts';
import { testWorker } from '../support/api-worker.ts';
import { fakeClock, START } from '../support/clock.ts';
import { within } from '../support/wait.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const make = async (body: object): Promise<JobView> => (await api.call<JobView>('POST', '/api/jobs', { body })).body;

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
    expect(cron.body).toMatchObject({ type: 'cron', status: 'scheduled', timezone: 'UTC' });
    expect(cron.body.schedule_words).toBe('Every 10 seconds');
    expect(Date.parse(cron.body.next_run_at ?? '') % 10_000).toBe(0);
  });

  it('needs no type, and takes null for the default of anything', async () => {
    expect(await make({ command: 'true' })).toMatchObject({
      type: 'once',
      retries: 0,
      queue: 'default',
      shell: '/bin/sh',
    });
    expect(await make({ command: 'true', retries: null, queue: null, env: null, schedule: null })).toMatchObject({
      retries: 0,
    });
    expect(await make({ command: 'true', schedule: '@every 90s' })).toMatchObject({ type: 'cron', misfire: 'latest' });
  });

  it('runs at once what should have run in the past, and waits for what is to come', async () => {
    const past = await make({ command: 'true', run_at: '2001-01-01T01:00:00+01:00' });
    expect(past).toMatchObject({ status: 'pending', run_at: '2001-01-01T00:00:00.000Z' });
    const future = await make({ command: 'true', run_at: '2099-01-01T00:00:00Z' });
    const { body: runs } = await api.call<{ runs: RunView[] }>('GET', `/api/jobs/${future.id}/runs`);
    expect(runs.runs[0]).toMatchObject({ waiting_for: 'its time, 2099-01-01T00:00:00.000Z' });
  });

  it('refuses a name that is taken, naming the field', async () => {
    const { id } = await make({ command: 'true', name: 'taken' });
    const problem = await api.fail('POST', '/api/jobs', { body: { command: 'true', name: 'taken' } });
    expect(problem).toMatchObject({ status: 409, code: 'name_taken', field: 'name' });
    expect(problem.detail).toContain(id);
  });
});

describe('bad bodies', () => {
  const tooLong = 'x'.repeat(64 * 1024 + 1);
  it.each([
    [
      'a schedule that has ended',
      { command: 'true', schedule: '@daily', starts_at: '2001-01-01T00:00:00Z', ends_at: '2002-01-01T00:00:00Z' },
      'invalid_schedule',
      'ends_at',
    ],
    ['an empty command', { command: '' }, 'invalid_request', 'command'],
    ['a blank command', { command: ' \n\t ' }, 'invalid_request', 'command'],
    ['no command', { schedule: '* * * * *' }, 'invalid_request', 'command'],
    ['a command over 64 KiB', { command: tooLong }, 'invalid_request', 'command'],
    ['a NUL in a command', { command: 'echo \0' }, 'invalid_request', 'command'],
    ['half a surrogate pair', { command: 'echo \ud800' }, 'invalid_request', 'command'],
    ['a command that is no text', { command: 7 }, 'invalid_request', 'command'],
    ['an unknown field', { command: 'true', comand: 'x' }, 'invalid_request', 'comand'],
    ['a uid', { command: 'true', uid: 0 }, 'invalid_request', 'uid'],
    ['a field of later', { command: 'true', user: 'root' }, 'not_supported_yet', 'user'],
    ['a bad schedule', { command: 'true', schedule: '99 * * * * *' }, 'invalid_schedule', 'schedule'],
    ['a schedule that never comes', { command: 'true', schedule: '0 0 30 2 *' }, 'invalid_schedule', 'schedule'],
    [
      'an unknown zone',
      { command: 'true', schedule: '@daily', timezone: 'Europe/Berlinn' },
      'invalid_schedule',
      'timezone',
    ],
    ['a type without its schedule', { command: 'true', type: 'cron' }, 'invalid_request', 'schedule'],
    ['a schedule that type denies', { command: 'true', type: 'once', schedule: '@daily' }, 'invalid_request', 'type'],
    ['a type that is none', { command: 'true', type: 'twice' }, 'invalid_request', 'type'],
    ['a time zone for a once job', { command: 'true', timezone: 'UTC' }, 'invalid_request', 'timezone'],
    [
      'run_at for a cron job',
      { command: 'true', schedule: '@daily', run_at: '2030-01-01T00:00:00Z' },
      'invalid_request',
      'run_at',
    ],
    [
      'misfire all that would overlap',
      { command: 'true', schedule: '@daily', misfire: 'all' },
      'invalid_request',
      'misfire',
    ],
    [
      'a delay over the longest',
      { command: 'true', retry_delay_seconds: 7200 },
      'invalid_request',
      'retry_delay_seconds',
    ],
    ['on_lost without retries', { command: 'true', on_lost: 'retry' }, 'invalid_request', 'on_lost'],
    [
      'an end before the start',
      { command: 'true', schedule: '@daily', starts_at: '2031-01-01T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' },
      'invalid_request',
      'ends_at',
    ],
    [
      'a variable of ours',
      { command: 'true', env: { JOBSCHED_RUN_ID: 'x' } },
      'invalid_request',
      'env.JOBSCHED_RUN_ID',
    ],
    ['a variable that is none', { command: 'true', env: { 'A B': 'x' } }, 'invalid_request', 'env.A B'],
    ['a NUL in a variable', { command: 'true', env: { A: '\0' } }, 'invalid_request', 'env.A'],
    ['a NUL in the folder', { command: 'true', cwd: '/tmp\0' }, 'invalid_request', 'cwd'],
    ['a relative folder', { command: 'true', cwd: 'tmp' }, 'invalid_request', 'cwd'],
    ['a priority out of range', { command: 'true', priority: 101 }, 'invalid_request', 'priority'],
    ['half a retry', { command: 'true', retries: 1.5 }, 'invalid_request', 'retries'],
    ['a name like an id', { command: 'true', name: '0199a6c2-7c1e-7b52-9d53-2f6b1f1f3a10' }, 'invalid_request', 'name'],
    ['a list', [], 'invalid_request', 'body'],
    ['a number', 1, 'invalid_request', 'body'],
    ['null', null, 'invalid_request', 'body'],
  ])('%s', async (_, body, code, field) => {
    const problem = await api.fail('POST', '/api/jobs', { body });
    expect(problem).toMatchObject({ status: 400, code, field });
    expect(problem.detail).toMatch(/\S/);
  });

  it('tells all that is wrong at once, each with what to do', async () => {
    const problem = await api.fail('POST', '/api/jobs', {
      body: { command: '', schedule: '* * * *', retrys: 3, priority: 'high', run_at: 'soon', misfire: 'all' },
    });
    const fields = problem.errors?.map(({ field }) => field).toSorted();
    expect(fields).toEqual(['command', 'misfire', 'priority', 'retrys', 'run_at', 'schedule']);
    expect(problem.errors?.find(({ field }) => field === 'retrys')?.hint).toBe('Did you mean retries?');
    expect(problem.errors?.find(({ field }) => field === 'priority')?.message).toBe('must be a number');
  });

  it('does not let a prototype in, however it is spelt', async () => {
    for (const raw of [
      '{"command":"true","__proto__":{"retries":5}}',
      String.raw`{"command":"true","\u005f_proto__":{"retries":5}}`,
      '{"command":"true","env":{"__proto__":"x"}}',
      '{"command":"true","constructor":{}}',
    ]) {
      const problem = await api.fail('POST', '/api/jobs', { raw, headers: { 'content-type': 'application/json' } });
      expect(problem.status).toBe(400);
    }
  });

  it.each([
    ['bad JSON', '{"command":', 'application/json', 400, 'invalid_request'],
    ['no JSON', 'command=true', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['text', '{"command":"true"}', 'text/plain', 415, 'unsupported_media_type'],
    ['another charset', '{"command":"true"}', 'application/json; charset=latin1', 415, 'unsupported_media_type'],
    ['half a megabyte of brackets', '['.repeat(500_000), 'application/json', 400, 'invalid_request'],
  ])('%s', async (_, raw, type, status, code) => {
    expect(await api.fail('POST', '/api/jobs', { raw, headers: { 'content-type': type } })).toMatchObject({
      status,
      code,
    });
  });

  it('bad UTF-8, no body, and deep nesting that is valid', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await api.fail('POST', '/api/jobs', { raw: Buffer.from([0x22, 0xff, 0x22]), headers })).toMatchObject({
      status: 400,
    });
    expect(await api.fail('POST', '/api/jobs')).toMatchObject({ status: 400, code: 'invalid_request' });
    const deep = `{"command":"true","\\u0061":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    expect(await api.fail('POST', '/api/jobs', { raw: deep, headers })).toMatchObject({ status: 400 });
  });

  it('too large a body, whether its length is told or not', async () => {
    const raw = JSON.stringify({ patch: 'x'.repeat(2 ** 20) });
    const { id } = await make({ command: 'true' });
    const headers = { 'content-type': 'application/json' };
    expect(await api.fail('PATCH', `/api/jobs/${id}`, { raw, headers })).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
    const single = `{"command":"true","env":{${' '.repeat(2 ** 20)}}}`;
    expect(await api.fail('POST', '/api/jobs', { raw: single, headers })).toMatchObject({ status: 413 });
    const bulk = JSON.stringify({ jobs: ['x'.repeat(17 * 2 ** 20)] });
    expect(await api.fail('POST', '/api/jobs', { raw: bulk, headers })).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });
});

describe('many jobs at once', () => {
  it('takes a single job of 1 MiB, and says so before it says what is wrong with it', async () => {
    const body = { command: '', x: 'x'.repeat(2 ** 20) };
    expect(await api.fail('POST', '/api/jobs', { body })).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it('answers each in its place, the bad ones too', async () => {
    const jobs = Array.from({ length: 600 }, (_, index) => ({ command: `echo ${index}` }));
    const body = {
      jobs: [{ command: 'true', name: 'twice' }, { command: '' }, { command: 'true', name: 'twice' }, 7, ...jobs],
    };
    const { status, body: result } = await api.call<BulkResult>('POST', '/api/jobs', { body });
    expect(status).toBe(200);
    expect(result).toMatchObject({ created: 601, refused: 3 });
    const [first, second, third, fourth, fifth] = result.results;
    expect(first).toMatchObject({ status: 'created', job: { name: 'twice' } });
    expect(second).toMatchObject({ status: 'refused', problem: { field: 'jobs[1].command' } });
    expect(third).toMatchObject({ status: 'refused', problem: { code: 'name_taken', field: 'jobs[2].name' } });
    expect(fourth).toMatchObject({ status: 'refused', problem: { field: 'jobs[3]' } });
    expect(fifth).toMatchObject({ status: 'created', job: { command: 'echo 0' } });
    expect(result.results.at(-1)).toMatchObject({ job: { command: 'echo 599' } });
  });

  it('is from 1 to 1,000', async () => {
    const jobs = Array.from({ length: 1_001 }, () => ({ command: 'true' }));
    expect(await api.fail('POST', '/api/jobs', { body: { jobs } })).toMatchObject({ status: 400, field: 'jobs' });
    expect(await api.fail('POST', '/api/jobs', { body: { jobs: [] } })).toMatchObject({ status: 400, field: 'jobs' });
    expect(await api.fail('POST', '/api/jobs', { body: { jobs: [], x: 1 } })).toMatchObject({ status: 400 });
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'key-1' };

  it('makes nothing twice, and is for one body', async () => {
    const first = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'echo 1' }, headers });
    const again = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'echo 1' }, headers });
    expect(again.body.id).toBe(first.body.id);
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
    const other = await api.fail('POST', '/api/jobs', { body: { command: 'echo 2' }, headers });
    expect(other).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('holds for a bulk request as a whole', async () => {
    const bulk = { 'idempotency-key': 'bulk' };
    const body = { jobs: [{ command: '' }, { command: 'echo 1' }, { command: 'echo 2' }] };
    const first = await api.call<BulkResult>('POST', '/api/jobs', { body, headers: bulk });
    const again = await api.call<BulkResult>('POST', '/api/jobs', { body, headers: bulk });
    expect(first.body.results.map(({ status }) => status)).toEqual(['refused', 'created', 'created']);
    expect(again.body.results.map(({ status }) => status)).toEqual(['refused', 'existing', 'existing']);
    const other = await api.fail('POST', '/api/jobs', { body: { jobs: [{ command: 'echo 3' }] }, headers: bulk });
    expect(other).toMatchObject({ status: 422 });
    expect(await api.fail('POST', '/api/jobs', { body: { command: 'echo 3' }, headers: bulk })).toMatchObject({
      status: 422,
    });
  });

  it('is remembered also for a bulk request of which nothing was made', async () => {
    const bulk = { 'idempotency-key': 'bad-bulk' };
    const body = { jobs: [{ command: '' }] };
    expect((await api.call<BulkResult>('POST', '/api/jobs', { body, headers: bulk })).body.refused).toBe(1);
    const other = await api.fail('POST', '/api/jobs', { body: { jobs: [{ command: 'true' }] }, headers: bulk });
    expect(other).toMatchObject({ status: 422 });
    const worse = await api.fail('POST', '/api/jobs', { body: { jobs: [{ command: 7 }] }, headers: bulk });
    expect(worse).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const same = await api.call<BulkResult>('POST', '/api/jobs', { body, headers: bulk });
    expect(same).toMatchObject({ status: 200, body: { refused: 1 } });
  });

  it('finds what was made, also the second time and where a name was taken, in more than one part', async () => {
    await make({ command: 'true', name: 'taken-before' });
    const clash = { command: 'true', name: 'taken-before' };
    const jobs = [clash, ...Array.from({ length: 600 }, (_, index) => ({ command: `echo ${index}` }))];
    const bulk = { 'idempotency-key': 'long-bulk' };
    const first = await api.call<BulkResult>('POST', '/api/jobs', { body: { jobs }, headers: bulk });
    expect(first.body).toMatchObject({ created: 600, refused: 1 });
    const again = await api.call<BulkResult>('POST', '/api/jobs', { body: { jobs }, headers: bulk });
    expect(again.body).toMatchObject({ created: 600, refused: 1 });
    const idsOf = ({ results }: BulkResult): unknown[] => results.map((item) => 'job' in item && item.job.id);
    expect(idsOf(again.body)).toEqual(idsOf(first.body));
    expect(new Set(again.body.results.slice(1).map(({ status }) => status))).toEqual(new Set(['existing']));
  });

  it('finds what was made and would be refused by now', async () => {
    const clock = fakeClock();
    await using later = await startApi({ clock });
    const job = { command: 'true', schedule: '@hourly', ends_at: new Date(START + 2 * HOUR).toISOString() };
    for (const [key, body] of Object.entries({ one: job, many: { jobs: [job] } })) {
      const options = { body, headers: { 'idempotency-key': key } };
      const first = await later.call('POST', '/api/jobs', options);
      clock.set(START + 3 * HOUR);
      const again = await later.call('POST', '/api/jobs', options);
      expect(again.text.replace('existing', 'created')).toBe(first.text);
      clock.set(START);
    }
    clock.set(START + 3 * HOUR);
    expect(await later.fail('POST', '/api/jobs', { body: job })).toMatchObject({
      status: 400,
      code: 'invalid_schedule',
    });
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256)])('cannot be %j', async (key) => {
    const problem = await api.fail('POST', '/api/jobs', {
      body: { command: 'true' },
      headers: { 'idempotency-key': key },
    });
    expect(problem).toMatchObject({ status: 400, field: 'Idempotency-Key' });
  });
});

describe('finding jobs', () => {
  it('by id, by name, and by the first characters of the id', async () => {
    const job = await make({ command: 'true', name: 'find.me' });
    for (const ref of [job.id, 'find.me', job.id.slice(0, 12)]) {
      expect((await api.call<JobView>('GET', `/api/jobs/${ref}`)).body.id).toBe(job.id);
    }
    const head = await api.call('HEAD', `/api/jobs/${job.id}`);
    expect(head).toMatchObject({ status: 200, headers: { etag: '"1"' } });
  });

  it.each(['nobody', 'constructor', '__proto__', '%2e%2e%2fetc', 'x'.repeat(200), '%ff'])(
    'names what is not there: %s',
    async (ref) => {
      expect(await api.fail('GET', `/api/jobs/${ref}`)).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it('in pages, by filters', async () => {
    for (const index of [1, 2, 3]) await make({ command: `echo ${index}`, tags: ['paged'], queue: 'paging' });
    const commands: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `tag=paged&limit=2&status=pending,running&type=once&queue=paging&q=ECHO${cursor && `&cursor=${cursor}`}`;
      const { body }: { body: JobList } = await api.call<JobList>('GET', `/api/jobs?${query}`);
      commands.push(...body.jobs.map(({ command }) => command));
      cursor = body.next_cursor;
    }
    expect(commands).toEqual(['echo 3', 'echo 2', 'echo 1']);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=201', 'limit'],
    ['status=bad', 'status[0]'],
    ['staus=failed', 'staus'],
    ['type=once&type=cron', 'type'],
    ['cursor=zzz', 'cursor'],
    ['__proto__=x', '__proto__'],
    ['constructor=x', 'constructor'],
  ])('refuses ?%s', async (query, field) => {
    expect(await api.fail('GET', `/api/jobs?${query}`)).toMatchObject({ status: 400, field });
  });
});

describe('editing a job', () => {
  it('changes what is given, keeps the rest, and remembers what was', async () => {
    const job = await make({ command: 'echo 1', schedule: '@every 90s', retries: 2, tags: ['a'] });
    const edited = await api.call<JobView>('PATCH', `/api/jobs/${job.id}`, {
      body: { command: 'echo 2', retries: null },
      headers: { 'if-match': '"1"' },
    });
    expect(edited).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(edited.body).toMatchObject({
      version: 2,
      command: 'echo 2',
      retries: 0,
      tags: ['a'],
      next_run_at: job.next_run_at,
    });
    const { body } = await api.call<VersionList>('GET', `/api/jobs/${job.id}/versions`);
    expect(body.versions.map(({ version, command }) => [version, command])).toEqual([
      [2, 'echo 2'],
      [1, 'echo 1'],
    ]);
  });

  it('makes no version of what changes nothing', async () => {
    const job = await make({ command: 'true', schedule: '@every 90s', env: { A: '1', B: '2' }, tags: ['b', 'a'] });
    const body = { command: 'true', schedule: '@every 90s', env: { B: '2', A: '1' }, retries: null };
    const edited = await api.call<JobView>('PATCH', `/api/jobs/${job.id}`, { body });
    expect(edited).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { version: 1 } });
    expect((await api.call<VersionList>('GET', `/api/jobs/${job.id}/versions`)).body.versions).toHaveLength(1);
  });

  it('takes the media type of a merge patch too', async () => {
    const job = await make({ command: 'true' });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const edited = await api.call<JobView>('PATCH', `/api/jobs/${job.id}`, { body: { priority: 4 }, headers });
    expect([edited.status, edited.body.priority]).toEqual([200, 4]);
  });

  it('asks the schedule anew when it is another', async () => {
    const job = await make({ command: 'true', schedule: '0 0 1 1 *' });
    const { body } = await api.call<JobView>('PATCH', `/api/jobs/${job.id}`, { body: { schedule: '@every 1h' } });
    expect(Date.parse(body.next_run_at ?? '')).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(Date.parse(body.next_run_at ?? '')).toBeGreaterThan(Date.now());
  });

  it('refuses what a new job could not be, and what never changes', async () => {
    const job = await make({ command: 'true', name: 'fixed', schedule: '@daily' });
    const fail = (body: object): ReturnType<Api['fail']> => api.fail('PATCH', '/api/jobs/fixed', { body });
    expect(await fail({ name: 'other' })).toMatchObject({ status: 400, field: 'name' });
    expect(await fail({ type: 'once' })).toMatchObject({ status: 400, field: 'type' });
    expect(await fail({ schedule: '' })).toMatchObject({ status: 400, field: 'schedule' });
    expect(await fail({ misfire: 'all' })).toMatchObject({ status: 400, field: 'misfire' });
    expect(await fail({ command: null })).toMatchObject({ status: 400, field: 'command' });
    expect(await fail({ nice: 3 })).toMatchObject({ status: 400, code: 'not_supported_yet' });
    expect((await api.call<JobView>('GET', '/api/jobs/fixed')).body.version).toBe(job.version);
    const { id } = await make({ command: 'true', run_at: '2035-01-01T00:00:00Z' });
    const cron = await api.fail('PATCH', `/api/jobs/${id}`, { body: { schedule: '@daily' } });
    expect(cron).toMatchObject({
      status: 400,
      field: 'schedule',
      hint: expect.stringContaining('delete this') as string,
    });
    expect(cron.errors).toHaveLength(1);
  });

  it('fails where somebody else was faster', async () => {
    const job = await make({ command: 'true' });
    await api.call('PATCH', `/api/jobs/${job.id}`, { body: { retries: 1 }, headers: { 'if-match': '*' } });
    const headers = { 'if-match': '"1"' };
    const problem = await api.fail('PATCH', `/api/jobs/${job.id}`, { body: { retries: 2 }, headers });
    expect(problem).toMatchObject({ status: 412, code: 'version_conflict' });
  });

  it('loses no edit of several at once', async () => {
    const job = await make({ command: 'true' });
    const fields = [{ retries: 1 }, { priority: 5 }, { description: 'x' }, { tags: ['t'] }];
    await Promise.all(fields.map((body) => api.call('PATCH', `/api/jobs/${job.id}`, { body })));
    const { body } = await api.call<JobView>('GET', `/api/jobs/${job.id}`);
    expect(body).toMatchObject({ version: 5, retries: 1, priority: 5, description: 'x', tags: ['t'] });
  });
});

describe('what can be done with a job', () => {
  /** A job with more pending runs than one call deals with. */
  async function pileUp(queue: string): Promise<{ readonly id: string; readonly count: number }> {
    const { id } = await make({ command: 'true', schedule: '@yearly', queue, overlap: 'allow' });
    const byHand = { job: jobId(id), fingerprint: '', trigger: 'manual', force: false } as const;
    const requests = Array.from({ length: MOST_ITEMS + 10 }, (_, n) => ({ ...byHand, request: `${queue}-${n}` }));
    await Promise.all(requests.map((request) => api.store.trigger(request)));
    return { id, count: requests.length };
  }

  it('pause and resume', async () => {
    const { id } = await make({ command: 'true', schedule: '@hourly' });
    const paused = await api.call<JobView>('POST', `/api/jobs/${id}/pause`);
    expect(paused.body).toMatchObject({ status: 'paused', next_run_at: null });
    const resumed = await api.call<JobView>('POST', `/api/jobs/${id}/resume`);
    expect(resumed.body.status).toBe('scheduled');
    expect(Date.parse(resumed.body.next_run_at ?? '')).toBeGreaterThan(Date.now());
    const once = await make({ command: 'true' });
    expect(await api.fail('POST', `/api/jobs/${once.id}/pause`)).toMatchObject({ status: 409, code: 'not_a_schedule' });
    expect(await api.fail('POST', `/api/jobs/${once.id}/resume`)).toMatchObject({
      status: 409,
      code: 'not_a_schedule',
    });
  });

  it('run now, once for each key, unless one is live', async () => {
    const { id } = await make({ command: 'true', schedule: '@yearly', name: 'by.hand' });
    const headers = { 'idempotency-key': 'run' };
    const first = await api.call<RunView>('POST', `/api/jobs/${id}/run`, { headers });
    expect(first).toMatchObject({
      status: 201,
      headers: { location: `/api/runs/${id}.1` },
      body: { trigger: 'manual' },
    });
    const again = await api.call<RunView>('POST', `/api/jobs/${id}/run`, { headers });
    expect(again).toMatchObject({ headers: { 'idempotency-replayed': 'true' }, body: { id: first.body.id } });
    const other = await api.fail('POST', `/api/jobs/${id}/run`, { headers, body: { force: true } });
    expect(other).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    const another = await make({ command: 'true', schedule: '@yearly' });
    expect(await api.fail('POST', `/api/jobs/${another.id}/run`, { headers })).toMatchObject({ status: 422 });
    const refused = await api.fail('POST', '/api/jobs/by.hand/run');
    expect(refused).toMatchObject({ status: 409, code: 'overlap' });
    expect(refused.detail).toContain('run #1 ');
    const forced = await api.call<RunView>('POST', '/api/jobs/by.hand/run', { body: { force: true } });
    expect(forced.body.number).toBe(2);
    expect(await api.fail('POST', '/api/jobs/by.hand/run', { body: { forced: true } })).toMatchObject({ status: 400 });
  });

  it('cancel its live runs', async () => {
    const { id } = await make({ command: 'true', queue: 'cancelling' });
    const { body } = await api.call<CancelledRuns>('POST', `/api/jobs/${id}/cancel`);
    expect(body).toMatchObject({ count: 1, runs: [{ id: `${id}.1`, status: 'cancelled', reason: 'requested' }] });
    expect((await api.call<CancelledRuns>('POST', `/api/jobs/${id}/cancel`)).body).toEqual({
      count: 0,
      more: false,
      next_cursor: null,
      runs: [],
    });
  });

  it('cancel its live runs, however many', async () => {
    const { id, count } = await pileUp('many');
    const { body } = await api.call<CancelledRuns>('POST', `/api/jobs/${id}/cancel`);
    expect(body.count).toBe(count);
    expect(body.runs.map(({ number }) => number)).toEqual(Array.from({ length: MOST_ITEMS }, (_, n) => count - n));
    expect(new Set(body.runs.map(({ status }) => status))).toEqual(new Set(['cancelled']));
    expect(await api.store.liveRuns(jobId(id))).toEqual([]);
  });

  it('run now in place of all there are, however many', async () => {
    const { id, count } = await pileUp('replaced');
    await api.call('PATCH', `/api/jobs/${id}`, { body: { overlap: 'replace' } });
    const run = await api.call<RunView>('POST', `/api/jobs/${id}/run`);
    expect(run).toMatchObject({ status: 201, body: { number: count + 1, status: 'pending' } });
    expect(await api.store.liveRuns(jobId(id))).toMatchObject([{ id: run.body.id }]);
  });

  it('delete, by force while it runs', async () => {
    const { id } = await make({ command: 'true', queue: 'deleting' });
    await testWorker(api.store).claimed(['deleting']);
    expect(await api.fail('DELETE', `/api/jobs/${id}`)).toMatchObject({ status: 409, code: 'job_running' });
    expect((await api.call('DELETE', `/api/jobs/${id}?force=true`)).status).toBe(204);
    expect(await api.fail('GET', `/api/jobs/${id}`)).toMatchObject({ status: 404 });
    expect(await api.fail('DELETE', `/api/jobs/${id}`)).toMatchObject({ status: 404 });
  });
});

describe.each(['cancel', 'run'])('%s, which may take many steps, leaves off', (action) => {
  /** A job whose runs never come to an end, and a promise that the first step is done. */
  async function endless(options: ApiOptions = {}): Promise<{ api: Api; path: string; begun: Promise<void> }> {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const step = async <T>(result: T): Promise<T> => {
      await turn();
      resolve();
      return result;
    };
    const api = await startApi({
      ...options,
      wrapStore: (store) =>
        overridden(store, {
          liveRuns: async (job) => step([...(await store.listRuns({ job }, 1, null)).rows]),
          trigger: () => step({ status: 'more' }),
        }),
    });
    const { body } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } });
    return { api, path: `/api/jobs/${body.id}/${action}`, begun };
  }

  it('when the server stops', async () => {
    const { api, path, begun } = await endless();
    await using _ = api;
    const failed = api.fail('POST', path);
    await begun;
    await api.server.stop();
    expect(await failed).toMatchObject({ status: 503, code: 'shutting_down' });
  });

  it('when the client is gone', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const write = (line: string): void => void (line.includes('the connection was lost') && resolve());
    const { api, path, begun } = await endless({ logger: pino({ level: 'debug' }, { write }) });
    await using _ = api;
    const client = new AbortController();
    const sent = send(`http://127.0.0.1:${api.server.port}${path}`, { method: 'POST', signal: client.signal });
    await begun;
    client.abort();
    await expect(sent).rejects.toThrow();
    await within(10_000, left, () => `${action} went on for nobody`);
  });
});
