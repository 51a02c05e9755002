/** `jobsched context remove`: names that are not needed any more, and the keys that stand beside them. */
import { Command } from 'commander';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { namedContext, readContexts, writeContexts } from '../../config/contexts.ts';
import { thisMachine } from '../../config/machine.ts';

export function removeCommand(): Command {
  const command = new Command('remove')
    .description('Forget contexts, and the keys that stand in them. Files of keys stay.')
    .argument('<context...>', 'their names')
    .action(remove);
  return withExamples(command, ['jobsched context remove prod']);
}

function remove(names: readonly string[]): void {
  const machine = thisMachine();
  const contexts = readContexts(machine);
  for (const name of names) namedContext(name, contexts, 'context remove');
  const all = contexts.all.filter(({ name }) => !names.includes(name));
  const wasInUse = contexts.current !== null && names.includes(contexts.current);
  writeContexts({ current: wasInUse ? null : contexts.current, all }, machine);
  const note = wasInUse ? '; none is in use now' : '';
  process.stdout.write(`${escapeLine(`removed ${names.join(', ')}${note}`)}\n`);
}
