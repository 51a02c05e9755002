/** `jobsched workers`: who executes runs; and `drain`, which lets one end what it has and take no more. */
import type { Command } from 'commander';
import { addFormatOptions, addWatchOption, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { eachRef } from '../targets/each-ref.ts';
import { escapeLine } from '../format/escape.ts';
import { age } from '../format/time.ts';
import { withExamples } from '../help/help.ts';
import { nearest } from '../../config/nearest.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import { withSession, type Session } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import { JobschedError, type WorkerView } from '../../client/client.ts';

export function workersCommand(): Command {
  const command = clientCommand('workers').description('List the workers: those that are there, and those of today.');
  withExamples(command, ['jobsched workers', 'jobsched workers --watch', 'jobsched workers drain web-1']);
  addWatchOption(addFormatOptions(command));
  command.action((flags: ClientFlags) => withSession(flags, list));
  return command.addCommand(drainCommand());
}

function drainCommand(): Command {
  const command = clientCommand('drain')
    .summary('let workers end what they run')
    .description(
      'Let workers end what they run and take no more, as before a restart of their machine. Started again, they claim runs again.',
    )
    .argument('<worker...>', 'workers by name, or by id');
  withExamples(command, ['jobsched workers drain web-1']);
  return addFormatOptions(command).action((names: readonly string[], flags: ClientFlags) =>
    withSession(flags, (session) => drain(session, names)),
  );
}

function list(session: Session): Promise<number> {
  return showRows(session, {
    name: 'workers',
    async *ask() {
      yield* await session.client.workers();
    },
    columns,
    id: ({ id }) => id,
    empty: `no worker is there · start one: ${session.program()} worker`,
    limit: Number.POSITIVE_INFINITY,
  });
}

function columns({ paint, now }: RowsContext): readonly TableColumn<WorkerView>[] {
  return [
    { title: 'NAME', cell: ({ name }) => name, paint: () => paint.strong, least: 12 },
    { title: 'STATE', cell: stateWords, paint: (worker) => (worker.alive ? paint.good : paint.quiet) },
    { title: 'RUNNING', cell: ({ running, concurrency }) => `${running} of ${concurrency}` },
    { title: 'QUEUES', cell: ({ queues }) => queues.join(', '), least: 10, most: 60, dispensable: 2 },
    { title: 'SEEN', cell: (worker) => age(Date.parse(worker.last_seen_at), now), dispensable: 1 },
    { title: 'STARTED', cell: (worker) => age(Date.parse(worker.started_at), now), dispensable: 3 },
    { title: 'VERSION', cell: ({ version }) => version, dispensable: 4 },
    { title: 'HOST', cell: ({ host }) => host, onlyWide: true },
    { title: 'PID', cell: ({ pid }) => String(pid), onlyWide: true },
    { title: 'ID', cell: ({ id }) => id, onlyWide: true },
  ];
}

const stateWords = ({ alive, state }: WorkerView): string => (alive || state === 'stopped' ? state : 'gone');

function drain(session: Session, names: readonly string[]): Promise<number> {
  return eachRef(session, names, {
    ask: (name) => aboutWorker(session, name),
    words: ({ name, running }) =>
      `${escapeLine(`draining ${name} · ${running} to end · claims runs again once it is started anew`)}\n`,
  });
}

/** @throws JobschedError `not_found` with a guess, `ambiguous`. */
async function aboutWorker({ client }: Session, name: string): Promise<WorkerView> {
  try {
    return await client.drainWorker(name);
  } catch (error) {
    if (!(error instanceof JobschedError) || error.code !== 'not_found') throw error;
    const guess = nearest(
      name,
      (await client.workers()).map((worker) => worker.name),
    );
    if (guess === null) throw error;
    throw new JobschedError('not_found', error.message, { hint: `Did you mean ${guess}?`, cause: error });
  }
}
