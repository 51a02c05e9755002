/** `jobsched context`: several servers, by names of one's own. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { addCommand } from '../context/add.ts';
import { listContexts } from '../context/list.ts';
import { removeCommand } from '../context/remove.ts';
import { testCommand } from '../context/test.ts';
import { useCommand } from '../context/use.ts';
import { withExamples } from '../help/help.ts';
import { withoutServer } from '../session.ts';

export function contextCommand(): Command {
  const list = (command: Command): Command =>
    addFormatOptions(command).action((flags: ClientFlags) => withoutServer(flags, listContexts));
  const command = list(
    clientCommand('context').description(
      'Several servers, by names of your own: list them, add one, use one, test one, remove one. They are kept in ' +
        "jobsched/contexts.json in your folder of configuration, for your eyes only. A context's key is sent to its own " +
        'server, and to that no other key but the one of --key-file.',
    ),
  );
  withExamples(command, [
    'jobsched context add prod --server https://jobs.example --key-file ~/prod.key',
    'jobsched context use prod',
    'jobsched context test prod',
    'jobsched context',
  ]);
  return command
    .addCommand(addCommand().summary('name a server'))
    .addCommand(useCommand().summary('ask this one from now on'))
    .addCommand(
      list(clientCommand('list').description('List the contexts.')).summary('list them, as without a command'),
    )
    .addCommand(testCommand().summary('see whether its server answers, and as whom'))
    .addCommand(removeCommand().summary('forget some'));
}
