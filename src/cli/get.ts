/** `jobsched get`: one job or one run. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { withExamples } from './help.ts';
import { idLine } from './id-line.ts';
import { jobSheet, type SheetContext } from './job-sheet.ts';
import { json } from './json.ts';
import { isRunRef, namedRun } from './ref.ts';
import { runSheet } from './run-sheet.ts';
import { withSession, type Session } from './session.ts';
import { widthOf } from './terminal.ts';

/** How many of a job's runs are shown with it. */
const RUNS_SHOWN = 5;

export function getCommand(): Command {
  const command = clientCommand('get')
    .description('Show a job or a run.')
    .argument('<ref>', "a job (name, id, or the id's first characters) or a run (nightly#42, or its id)");
  withExamples(command, ['jobsched get nightly', 'jobsched get nightly#42', 'jobsched get nightly -o json']);
  return addFormatOptions(command).action((ref: string, flags: ClientFlags) =>
    withSession(flags, async (session) => {
      session.out.write(isRunRef(ref) ? await shownRun(session, ref) : await shownJob(session, ref));
      return EXIT.ok;
    }),
  );
}

async function shownJob(session: Session, ref: string): Promise<string> {
  const job = await session.client.jobs.get(ref);
  if (session.format === 'json') return json(job);
  if (session.format === 'id') return idLine(job);
  const { rows } = await session.client.runs.list({ job: job.id, limit: RUNS_SHOWN });
  return jobSheet(job, rows, await sheetContext(session));
}

async function shownRun(session: Session, ref: string): Promise<string> {
  const run = await namedRun(session.client, ref);
  if (session.format === 'json') return json(run);
  return session.format === 'id' ? idLine(run) : runSheet(run, await sheetContext(session));
}

async function sheetContext(session: Session): Promise<SheetContext> {
  const paint = await session.paintFor(session.out);
  return { moment: session.moment(), paint, width: widthOf(session.out) };
}
