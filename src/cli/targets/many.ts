/** One action on all that match: counted first, asked about, and done in steps that are shown as they go. */
import type { Command } from 'commander';
import { canAsk, confirm } from './confirm.ts';
import { formatData, isData } from '../print/data.ts';
import { EXIT, exitCodeFor } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { progress } from '../print/progress.ts';
import type { Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import type { BulkJobsOutcome, BulkRunsOutcome } from '../../client/client.ts';

export interface ManyFlags {
  readonly all?: true;
  readonly yes?: true;
  readonly dryRun?: true;
}

export function addManyOptions(command: Command, things: string): Command {
  return command
    .option('--all', `all ${things}, or all that match the flags above`)
    .option('--dry-run', 'only say what it would be done to')
    .option('-y, --yes', 'do not ask');
}

/** Which things: those named, or those that match. @throws UsageError for both or neither. */
export function namedOrMatching(refs: readonly string[], filter: object, flags: ManyFlags): 'named' | 'matching' {
  const isFiltered = Object.keys(filter).length > 0 || flags.all === true;
  if (refs.length > 0 && isFiltered) throw new UsageError('name them, or say which ones with flags: not both');
  if (refs.length > 0) return 'named';
  if (isFiltered) return 'matching';
  throw new UsageError('which ones?', 'Name them, or say which with flags such as --status; --all means all.');
}

export interface Action {
  /** `delete`. */
  readonly verb: string;
  /** `deleted`. */
  readonly done: string;
  /** `job`. */
  readonly thing: string;
  readonly ask: (dryRun: boolean) => AsyncIterable<BulkJobsOutcome | BulkRunsOutcome>;
}

interface Tally {
  readonly matched: number;
  readonly done: number;
  readonly refused: BulkJobsOutcome['refused'];
}

/** @returns the exit code. @throws UsageError when nobody can be asked and `--yes` is not given. */
export async function actOnMany(session: Session, action: Action, flags: ManyFlags): Promise<number> {
  const { verb, thing } = action;
  const foreseen = await tally(session, action, true);
  const what = foreseenWords(foreseen, thing);
  if (foreseen.matched === 0 && !flags.dryRun) {
    await told(session, foreseen, `nothing to ${verb}: no ${thing} matches`);
    return EXIT.ok;
  }
  if (flags.dryRun) {
    await told(session, foreseen, `would ${verb} ${what}`, refusalLine);
    return EXIT.ok;
  }
  if (!flags.yes) {
    if (!canAsk(session)) {
      throw new UsageError(`this would ${verb} ${what}, and nobody can be asked`, 'Say so with --yes.');
    }
    if (!(await confirm(session, `${verb} ${what}?`))) {
      return told(session, { ...foreseen, refused: [] }, 'nothing done');
    }
  }
  const all = await tally(session, action, false);
  return told(session, all, `${action.done} ${all.done} ${thing}${all.done === 1 ? '' : 's'}`);
}

/** `3 jobs`, or `3 of 5 jobs, since 2 would be refused`. */
function foreseenWords({ matched, refused: { length } }: Tally, thing: string): string {
  const things = `${matched} ${thing}${matched === 1 ? '' : 's'}`;
  return length === 0 ? things : `${matched - length} of ${things}, since ${length} would be refused`;
}

async function tally(session: Session, { verb, ask }: Action, dryRun: boolean): Promise<Tally> {
  const bar = progress(session, dryRun ? 'counting' : verb);
  let [matched, done] = [0, 0];
  const refused: BulkJobsOutcome['refused'] = [];
  try {
    for await (const step of ask(dryRun)) {
      matched += step.matched;
      done += step.done;
      refused.push(...step.refused);
      bar.show(matched);
    }
  } finally {
    bar.end();
  }
  return { matched, done, refused };
}

async function told(
  session: Session,
  { matched, done, refused }: Tally,
  sentence: string,
  line = errorLine,
): Promise<number> {
  const { format, fields, out, err } = session;
  const data = { matched, done, refused };
  await write(out, isData(format) ? await formatData(data, format, fields) : `${escapeLine(sentence)}\n`);
  for (const { id, problem } of refused) err.write(line(id, problem));
  return refused[0] === undefined ? EXIT.ok : exitCodeFor(refused[0].problem.code);
}

type Problem = BulkJobsOutcome['refused'][number]['problem'];

const errorLine = (thing: string, { detail }: Problem): string => `error: ${escapeLine(`${thing}: ${detail}`)}\n`;

/** Of a dry run, which has failed at nothing. */
const refusalLine = (thing: string, { detail }: Problem): string =>
  `would be refused: ${escapeLine(`${thing}: ${detail}`)}\n`;
