/** Somebody who uses the API while all goes wrong: asks any of the servers, and asks again until one has answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, JobschedError, type Client, type RunView } from '../../src/client/client.ts';
import { SECOND, type Instant } from '../../src/domain/instant.ts';
import type { AskedJob, RecordedRun } from './history.ts';
import type { PlannedJob } from './jobs.ts';

export interface Person extends AsyncDisposable {
  /** Submits it until it is acknowledged, with one key. @returns what is known of it when `until` has come. */
  submit(job: PlannedJob, until: Instant): Promise<AskedJob>;
  /** Asks until somebody answers. @throws the last error when `until` has come. */
  ask<T>(question: (client: Client) => Promise<T>, until: Instant): Promise<T>;
}

/** @param urls of the servers. */
export function person(urls: readonly string[]): Person {
  const clients = urls.map((server) => createClient({ server, timeoutMs: 5 * SECOND, waitMs: 0 }));
  let turn = 0;
  const ask: Person['ask'] = async (question, until) => {
    for (;;) {
      const client = clients[(turn += 1) % clients.length];
      if (client === undefined) throw new Error('there are no servers');
      try {
        return await question(client);
      } catch (error) {
        const asksWrongly = error instanceof JobschedError && /^(invalid|name_taken|not_found)/.test(error.code);
        if (asksWrongly || Date.now() > until) throw error;
        await sleep(200);
      }
    }
  };
  return {
    ask,
    submit: async ({ body, asked }, until) => {
      const idempotencyKey = `key-of-${body.name}`;
      try {
        await ask((client) => client.jobs.create(body, { idempotencyKey }), until);
        return { ...asked, acknowledged: true };
      } catch (error) {
        // One key makes one job, however often it is sent: any refusal for good would be ours.
        if (error instanceof JobschedError && /^(invalid|name_taken)/.test(error.code)) throw error;
        return { ...asked, acknowledged: false };
      }
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all(clients.map((client) => client.close()))),
  };
}

/** All that the store keeps of runs. Those that were tried again are asked for one by one. */
export async function recordedRuns(asker: Person, until: Instant): Promise<RecordedRun[]> {
  const runs = await asker.ask((client) => Array.fromAsync(client.runs.all({ limit: 200 })), until);
  const recorded: RecordedRun[] = [];
  for (const run of runs) {
    recorded.push(run.attempt > 1 ? await asker.ask((client) => client.runs.get(run.id), until) : withAttempt(run));
  }
  return recorded;
}

/** Its only attempt, by what the list says of it. */
function withAttempt(run: RunView): RecordedRun {
  if (run.attempt === 0) return { ...run, attempts: [] };
  const { worker, started_at, finished_at, status, reason } = run;
  const outcome = status === 'pending' || status === 'skipped' ? 'failed' : status;
  const why = (['exit', 'signal', 'timeout', 'spawn', 'lost'] as const).find((known) => known === reason) ?? null;
  const attempt = { number: 1, worker: worker ?? '', started_at: started_at ?? '', finished_at, status: outcome };
  return { ...run, attempts: [{ ...attempt, reason: why }] };
}
