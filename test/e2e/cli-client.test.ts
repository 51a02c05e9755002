/** The client library against a real standalone: every call once, and what it gives back. */
import { expect, test } from 'vitest';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();

const ended = (run: string): Promise<unknown> => Array.fromAsync(server.client.runs.follow(run));

test('a job from its creation to its end', async () => {
  const { id, version } = await server.client.jobs.create({ command: 'echo 1', name: 'daily', schedule: '@yearly' });
  expect(await server.client.jobs.get('daily')).toMatchObject({
    id,
    status: 'scheduled',
    timezone: expect.any(String) as string,
  });

  expect(await server.client.jobs.update(id, { command: 'echo 2' }, version)).toMatchObject({
    version: 2,
    command: 'echo 2',
  });
  await expect(server.client.jobs.update(id, { command: 'echo 3' }, version)).rejects.toMatchObject({
    code: 'version_conflict',
  });
  expect(await server.client.jobs.versions(id)).toMatchObject([{ version: 2 }, { version: 1, command: 'echo 1' }]);

  expect(await server.client.jobs.pause(id)).toMatchObject({ status: 'paused', next_run_at: null });
  expect(await server.client.jobs.resume(id)).toMatchObject({ status: 'scheduled' });

  await server.client.jobs.delete(id);
  await expect(server.client.jobs.get(id)).rejects.toMatchObject({ code: 'not_found' });
});

test('the same idempotency key makes one job', async () => {
  const options = { idempotencyKey: 'once-only' };
  const first = await server.client.jobs.create({ command: 'true' }, options);
  expect((await server.client.jobs.create({ command: 'true' }, options)).id).toBe(first.id);
  await expect(server.client.jobs.create({ command: 'false' }, options)).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
});

test('many jobs at once, good and bad', async () => {
  const result = await server.client.jobs.createMany([
    { command: 'true', tags: ['bulk'] },
    { command: '' },
    { command: 'true', tags: ['bulk'] },
  ]);
  expect(result).toMatchObject({ created: 2, refused: 1 });
  expect(result.results.map(({ status }) => status)).toEqual(['created', 'refused', 'created']);
  const listed = await Array.fromAsync(server.client.jobs.all({ tag: 'bulk', limit: 1 }), ({ id }) => id);
  expect(new Set(listed).size).toBe(2);
});

test('runs: by hand, their output, again', async () => {
  await server.client.jobs.create({ command: 'printf out; printf err >&2', name: 'talk', schedule: '@yearly' });
  const run = await server.client.jobs.run('talk');
  expect(run).toMatchObject({ trigger: 'manual', number: 1 });
  await ended('talk#1');
  expect(await server.client.runs.get(run.id)).toMatchObject({
    status: 'succeeded',
    attempts: [{ number: 1, exit_code: 0 }],
  });

  expect(Buffer.concat(await Array.fromAsync(server.client.runs.output(run.id, { stream: 'stderr' }))).toString()).toBe(
    'err',
  );
  const kinds = await Array.fromAsync(server.client.runs.frames(run.id), ({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['attempt', 'end', 'output', 'output']);

  await expect(server.client.runs.cancel(run.id)).rejects.toMatchObject({ code: 'run_finished' });
  expect(await server.client.runs.retry('talk#1')).toMatchObject({ trigger: 'retry', number: 2 });
  await ended('talk#2');
  expect((await server.client.runs.list({ job: 'talk' })).rows.map(({ number }) => number)).toEqual([2, 1]);
});

test('cancelling a job cancels its live runs', async () => {
  await server.client.jobs.create({ command: 'sleep 60', name: 'sleeper' });
  expect(await server.client.jobs.cancel('sleeper')).toMatchObject({
    count: 1,
    runs: [{ job_name: 'sleeper', number: 1 }],
  });
  await ended('sleeper#1');
  expect(await server.client.runs.get('sleeper#1')).toMatchObject({ status: 'cancelled', reason: 'requested' });
});

test('schedules, workers, queues, numbers', async () => {
  const preview = await server.client.schedules.preview({ schedule: '0 2 * * *', timezone: 'Europe/Berlin', count: 2 });
  expect(preview.slots).toHaveLength(2);
  await expect(server.client.schedules.preview({ schedule: '61 * * * *' })).rejects.toMatchObject({
    code: 'invalid_schedule',
  });
  expect(await server.client.workers()).toMatchObject([{ alive: true, state: 'active' }]);
  expect(await server.client.queues()).toMatchObject([{ name: 'default', workers: 1 }]);
  expect(await server.client.stats()).toMatchObject({ workers: { alive: 1 } });
});

test('events tell of what changes from their first on', async () => {
  let made: string | null = null;
  for await (const event of server.client.events()) {
    if (event.event === 'open') made = (await server.client.jobs.create({ command: 'true', schedule: '@yearly' })).id;
    if (event.event === 'change' && event.id === made) break;
  }
  expect(made).not.toBeNull();
});
