/** What `apply`, `diff` and `import` do with jobs: plan, show, and carry out. */
import { canAsk, confirm } from '../targets/confirm.ts';
import { formatData, isData } from '../print/data.ts';
import { EXIT, exitCodeFor } from '../exit-code.ts';
import { toFailure, UsageError } from '../help/failure.ts';
import { carryOut } from './carry-out.ts';
import type { CheckedJob } from './check.ts';
import { isPending, planChanges, type PlanOptions, type Step } from './plan.ts';
import { diffLines, outcomeWords, planLines } from './words.ts';
import type { Session } from '../session.ts';

export interface ApplyOptions extends PlanOptions {
  readonly dryRun: boolean;
  /** Nobody is asked before jobs are deleted. */
  readonly yes: boolean;
}

/** @returns the exit code: 8 when a dry run would change something, that of the first refusal when there is one. */
export async function applyPlan(session: Session, jobs: readonly CheckedJob[], options: ApplyOptions): Promise<number> {
  const steps = await planChanges(session.client, jobs, options);
  await show(session, planLines, steps);
  if (options.dryRun) return steps.some(isPending) ? EXIT.changesPending : EXIT.ok;
  await askBeforeDeleting(session, steps, options.yes);
  const refusals = await carryOut(session.client, steps);
  for (const { error } of refusals) session.err.write(toFailure(error).text);
  session.err.write(`${outcomeWords(steps, new Set(refusals.map(({ name }) => name)))}\n`);
  const [first] = refusals;
  return first === undefined ? EXIT.ok : exitCodeFor(first.error.code);
}

/** Shows every field that differs; changes nothing. */
export async function showDiff(session: Session, jobs: readonly CheckedJob[], options: PlanOptions): Promise<number> {
  const steps = await planChanges(session.client, jobs, options);
  await show(session, diffLines, steps);
  return steps.some(isPending) ? EXIT.changesPending : EXIT.ok;
}

/** As the plan's words, or as data for programs. */
async function show(session: Session, words: typeof planLines, steps: readonly Step[]): Promise<void> {
  const { format, fields, out } = session;
  if (isData(format)) {
    out.write(await formatData({ steps: steps.map(toWire) }, format, fields));
    return;
  }
  const lines = words(steps, await session.paintFor(out));
  out.write(lines.map((line) => `${line}\n`).join(''));
}

async function askBeforeDeleting(session: Session, steps: readonly Step[], yes: boolean): Promise<void> {
  const deleted = steps.filter(({ action }) => action === 'delete').length;
  if (deleted === 0 || yes) return;
  const what = deleted === 1 ? '1 job' : `${deleted} jobs`;
  if (!canAsk(session)) {
    throw new UsageError(
      `nothing was changed: ${what} would be deleted, and nobody can be asked`,
      'Say --yes to delete without being asked.',
    );
  }
  const question = `Delete ${what} and their runs?`;
  if (!(await confirm(session, question))) throw new UsageError('nothing was changed');
}

function toWire(step: Step): object {
  if (step.action === 'delete') return { action: step.action, name: step.name };
  return step.action === 'create' ? { action: step.action, name: step.name } : step;
}
