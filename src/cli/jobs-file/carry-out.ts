/** Does what a plan says. A job that is refused does not stop the others. */
import type { Step } from './plan.ts';
import { JobschedError, type Client, type NewJobBody, type PatchBody } from '../../client/client.ts';
import { withoutDefaults } from './fields.ts';

export interface Refusal {
  readonly name: string;
  readonly error: JobschedError;
}

/** @returns what was refused; an edit that somebody else made meanwhile is one. */
export async function carryOut(client: Client, steps: readonly Step[]): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const step of steps) {
    try {
      await take(client, step);
    } catch (error) {
      if (!(error instanceof JobschedError) || isOfServer(error)) throw error;
      refusals.push({ name: step.name, error });
    }
  }
  return refusals;
}

async function take(client: Client, step: Step): Promise<void> {
  switch (step.action) {
    case 'create':
      await client.jobs.create({ ...withoutDefaults(step.fields), name: step.name } as NewJobBody);
      break;
    case 'update': {
      const patch = Object.fromEntries(step.changes.map(({ field, to }) => [field, to])) as PatchBody;
      await client.jobs.update(step.name, patch, step.version);
      break;
    }
    case 'delete':
      await client.jobs.delete(step.job.id);
      break;
    case 'same':
      break;
    case 'refuse':
      throw new JobschedError('invalid_request', `${step.name} ${step.why}`);
  }
}

/** What stands in the way of all of them. */
function isOfServer({ code }: JobschedError): boolean {
  const codes: readonly string[] = [
    'server_unreachable',
    'timed_out',
    'unauthorized',
    'forbidden',
    'read_only',
    'shutting_down',
  ];
  return codes.includes(code) || code.startsWith('engine_');
}
