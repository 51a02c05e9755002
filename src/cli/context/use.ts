/** `jobsched context use`: which server is asked from now on. */
import { Command } from 'commander';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { findServer } from '../../config/client.ts';
import { namedContext, NO_CONTEXT, readContexts, writeContexts } from '../../config/contexts.ts';
import { thisMachine, type Machine } from '../../config/machine.ts';

export function useCommand(): Command {
  const command = new Command('use')
    .description(
      'Ask this server from now on, unless --server, --context, JOBSCHED_SERVER, JOBSCHED_CONTEXT or ./jobsched.yaml say otherwise.',
    )
    .argument('<context>', `its name; ${NO_CONTEXT}: none of them, but what the configuration says`)
    .action(use);
  return withExamples(command, ['jobsched context use prod', `jobsched context use ${NO_CONTEXT}`]);
}

async function use(name: string): Promise<void> {
  const machine = thisMachine();
  const contexts = readContexts(machine);
  const current = name === NO_CONTEXT ? null : namedContext(name, contexts, 'context use').name;
  writeContexts({ ...contexts, current }, machine);
  const { url } = await findServer({ context: name }, machine);
  process.stdout.write(`${escapeLine(`in use: ${name} · ${url.href}`)}\n`);
  if (current !== null) await noteWhatComesFirst(current, machine);
}

/** Says so when here another server is asked all the same. */
export async function noteWhatComesFirst(current: string, machine: Machine): Promise<void> {
  const { from, context } = await findServer({}, machine);
  if (context?.name === current) return;
  process.stderr.write(`${escapeLine(`note: here ${from ?? ''} comes first`)}\n`);
}
