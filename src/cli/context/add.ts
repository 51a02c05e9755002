/** `jobsched context add`: a name for a server, and the key that it wants. */
import { resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { Command } from 'commander';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { exposedWarning } from '../session.ts';
import { noteWhatComesFirst } from './use.ts';
import { checkKey, isExposed, readKey } from '../../config/client-key.ts';
import { parseServer } from '../../config/client.ts';
import { NO_CONTEXT, readContexts, writeContexts, type Context } from '../../config/contexts.ts';
import { thisMachine } from '../../config/machine.ts';

interface AddFlags {
  readonly server: string;
  readonly keyFile?: string;
  readonly keyStdin?: true;
  readonly replace?: true;
  readonly use?: true;
}

export function addCommand(): Command {
  const command = new Command('add')
    .description('Give a server a name. It is not asked anything yet: `jobsched context test` does that.')
    .argument('<name>', 'what to call it')
    .requiredOption('--server <url>', 'its address, http unless it says https')
    .option('--key-file <file>', 'where your key for it is, and stays')
    .option('--key-stdin', 'read your key for it from standard input, and keep it beside the name')
    .option('--replace', 'also when there is one of this name')
    .option('--use', 'and ask this one from now on')
    .action(add);
  return withExamples(command, [
    'jobsched context add home --server localhost:8080',
    'jobsched context add prod --server https://jobs.example --key-file ~/prod.key --use',
    'pass show jobsched | jobsched context add prod --server https://jobs.example --key-stdin',
  ]);
}

async function add(name: string, flags: AddFlags): Promise<void> {
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(name) || name === NO_CONTEXT) {
    throw new UsageError(
      `${name} is no name for a context`,
      `Take 1 to 64 of A-Z a-z 0-9 _ . -, the first a letter or digit; ${NO_CONTEXT} means none.`,
    );
  }
  if (flags.keyFile !== undefined && flags.keyStdin) {
    throw new UsageError('--key-file and --key-stdin exclude each other');
  }
  const machine = thisMachine();
  const { current, all } = readContexts(machine);
  const others = all.filter((context) => context.name !== name);
  if (others.length < all.length && !flags.replace) {
    throw new UsageError(`there is a context ${name}`, 'Choose another name, or say --replace.');
  }
  const made = await contextOf(name, flags, machine.cwd);
  writeContexts({ current: flags.use ? name : current, all: [...others, made] }, machine);
  const done = flags.use ? 'added and in use' : 'added';
  process.stdout.write(`${escapeLine(`${done}: ${name} · ${made.server}`)}\n`);
  if (flags.use) await noteWhatComesFirst(name, machine);
}

async function contextOf(name: string, { server, keyFile, keyStdin }: AddFlags, cwd: string): Promise<Context> {
  const url = parseServer(server, '--server').href;
  const file = keyFile === undefined ? null : resolve(cwd, keyFile);
  if (file !== null) {
    readKey(file, '--key-file');
    if (isExposed(file)) process.stderr.write(exposedWarning(file));
  }
  const key = keyStdin ? checkKey(await readText(process.stdin), 'standard input') : null;
  return { name, server: url, keyFile: file, key };
}
