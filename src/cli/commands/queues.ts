/** `jobsched queues`: the lines that runs wait in, and what is set of them. */
import type { Command } from 'commander';
import { countArgument } from '../options/arguments.ts';
import { addFormatOptions, addWatchOption, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { eachRef } from '../targets/each-ref.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import { withSession, type Session } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import type { QueueView } from '../../client/client.ts';

export function queuesCommand(): Command {
  const command = clientCommand('queues').description('List the queues, with what waits and runs in each.');
  withExamples(command, ['jobsched queues', 'jobsched queues pause reports', 'jobsched queues limit gpu 2']);
  addWatchOption(addFormatOptions(command));
  command.action((flags: ClientFlags) => withSession(flags, list));
  return command.addCommand(pauseCommand()).addCommand(resumeCommand()).addCommand(limitCommand());
}

function list(session: Session): Promise<number> {
  return showRows(session, {
    name: 'queues',
    async *ask() {
      yield* await session.client.queues();
    },
    columns,
    id: ({ name }) => name,
    empty: 'no queues',
    limit: Number.POSITIVE_INFINITY,
  });
}

function columns({ paint }: RowsContext): readonly TableColumn<QueueView>[] {
  return [
    { title: 'NAME', cell: ({ name }) => name, paint: () => paint.strong, least: 12 },
    { title: 'QUEUED', cell: ({ queued }) => String(queued) },
    { title: 'RUNNING', cell: ({ running, max_running: most }) => `${running}${most === null ? '' : ` of ${most}`}` },
    {
      title: 'WORKERS',
      cell: ({ workers }) => String(workers),
      paint: ({ workers }) => (workers === 0 ? paint.bad : String),
    },
    {
      title: 'STATE',
      cell: ({ paused }) => (paused ? 'paused' : 'open'),
      paint: ({ paused }) => (paused ? paint.waiting : String),
    },
  ];
}

function pauseCommand(): Command {
  const command = clientCommand('pause')
    .summary('let no run of them begin')
    .description('Let no run of these queues begin until they are resumed. What runs goes on.')
    .argument('<queue...>', 'queues by name');
  withExamples(command, ['jobsched queues pause reports']);
  return eachQueue(
    command,
    ({ client }, name) => client.pauseQueue(name),
    (queue) => `paused ${queue.name} · ${queue.queued} wait`,
  );
}

function resumeCommand(): Command {
  const command = clientCommand('resume')
    .summary('let their runs begin again')
    .description('Let the runs of these queues begin again.')
    .argument('<queue...>', 'queues by name');
  withExamples(command, ['jobsched queues resume reports']);
  return eachQueue(
    command,
    ({ client }, name) => client.resumeQueue(name),
    (queue) => `resumed ${queue.name}`,
  );
}

function eachQueue(
  command: Command,
  ask: (session: Session, name: string) => Promise<QueueView>,
  words: (queue: QueueView) => string,
): Command {
  return addFormatOptions(command).action((names: readonly string[], flags: ClientFlags) =>
    withSession(flags, (session) =>
      eachRef(session, names, {
        ask: (name) => ask(session, name),
        ids: ({ name }) => [{ id: name }],
        words: (queue) => `${escapeLine(words(queue))}\n`,
      }),
    ),
  );
}

function limitCommand(): Command {
  const command = clientCommand('limit')
    .summary('limit how many runs run at once')
    .description('Limit how many runs of a queue run at once, on all workers together.')
    .argument('<queue>', 'a queue by name')
    .argument('<number>', 'how many, or none for any number');
  withExamples(command, ['jobsched queues limit gpu 2', 'jobsched queues limit gpu none']);
  return addFormatOptions(command).action((name: string, number: string, flags: ClientFlags) =>
    withSession(flags, (session) =>
      eachRef(session, [name], {
        ask: () => session.client.updateQueue(name, { max_running: limitOf(number) }),
        ids: (queue) => [{ id: queue.name }],
        words: ({ max_running: most }) => `${escapeLine(`${name} runs ${most ?? 'any number'} at once`)}\n`,
      }),
    ),
  );
}

function limitOf(text: string): number | null {
  if (text === 'none') return null;
  try {
    return countArgument(text);
  } catch {
    throw new UsageError(`${text} is no limit`, 'Write a whole number from 1 on, or none.');
  }
}
