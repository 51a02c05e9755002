/** Jobs that kill the worker that runs them, at each attempt: they end, and others do not suffer for long. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient, type Client, type RunView } from '../../../src/client/client.ts';
import { startDaemonProcess } from '../../support/daemon-process.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/redis.ts';
import { onSite, untilOutput } from '../../support/site.ts';
import { supervised } from '../../support/supervised.ts';
import { untilSeen } from '../../support/until-seen.ts';
import { readWitness, witnessed } from '../../support/witness.ts';

const RETRIES = 2;
/** Its shell was started by the worker, which shall have answered who submitted it. */
const POISON = 'sleep 0.3; kill -9 $PPID; sleep 600';

/** Jobs that are held by the worker when it is killed: with retries enough, and without. */
interface Others {
  readonly patient: readonly string[];
  readonly once: readonly string[];
}

async function others(client: Client, folder: string): Promise<Others> {
  const command = `echo begun; until [ -e ${join(folder, 'go')} ]; do sleep 0.05; done`;
  const begun = async (retries: number): Promise<string> => {
    const { id } = await client.jobs.create({ command, retries });
    await untilOutput(client, `${id}.1`);
    return `${id}.1`;
  };
  const patient = await Promise.all([1, 2, 3].map(() => begun(RETRIES + 1)));
  return { patient, once: await Promise.all([1, 2].map(() => begun(0))) };
}

async function poison(client: Client, folder: string): Promise<string> {
  const command = witnessed(join(folder, 'witness'), POISON);
  return `${(await client.jobs.create({ command, retries: RETRIES })).id}.1`;
}

/** What is promised of all of them, once nobody is being killed any more. */
async function expectSurvived(client: Client, folder: string, run: string, { patient, once }: Others): Promise<void> {
  const after = await client.jobs.create({ command: `touch ${join(folder, 'go')}` });
  const runs = await untilSeen(client, async () => {
    const all = await Array.fromAsync(client.runs.all());
    return all.every(({ finished_at }) => finished_at !== null) ? new Map(all.map((each) => [each.id, each])) : null;
  });
  const of = (ids: readonly string[]): (RunView | undefined)[] => ids.map((id) => runs.get(id));
  expect(of([run])).toMatchObject([{ status: 'failed', reason: 'lost', attempt: RETRIES + 1 }]);
  expect(of([`${after.id}.1`])).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
  for (const each of of(patient)) expect(each).toMatchObject({ status: 'succeeded' });
  for (const each of of(once)) expect(each).toMatchObject({ status: 'failed', reason: 'lost', attempt: 1 });
  const lines = (await readWitness(join(folder, 'witness'))).map(({ attempt, event }) => `${attempt} ${event}`);
  expect(lines).toEqual(Array.from({ length: RETRIES + 1 }, (_, index) => `${index + 1} start`));
}

export function poisonJobs(): void {
  describe.concurrent('a job that kills its worker', () => {
    onSite(
      'on Redis is tried no more often than it may be, and what it took with it goes by its own rules',
      async ({ site }) => {
        const server = await site.serve();
        const client = site.clientOf(server);
        await using worker = supervised(() => site.worker('w1'));
        const held = await others(client, site.folder);
        const run = await poison(client, site.folder);
        await worker.readyAfter(RETRIES + 1);
        await expectSurvived(client, site.folder, run, held);
        expect(worker.ends).toBe(RETRIES + 1);
      },
    );

    it('on one machine, with all of jobsched, is so too', async () => {
      await using folder = await temporaryFolder();
      const port = await freePort();
      const args = ['standalone', '--port', String(port), '--data-dir', join(folder.path, 'data')];
      await using standalone = supervised(() => startDaemonProcess({ folder: folder.path, args }));
      const { url } = await standalone.readyAfter(0);
      await using stack = new AsyncDisposableStack();
      const clientOf = (): Client => stack.adopt(createClient({ server: url }), (client) => client.close());
      const client = clientOf();
      const held = await others(client, folder.path);
      const run = await poison(client, folder.path);
      await standalone.readyAfter(RETRIES + 1);
      await expectSurvived(clientOf(), folder.path, run, held);
      expect(standalone.ends).toBe(RETRIES + 1);
    });
  });
}
