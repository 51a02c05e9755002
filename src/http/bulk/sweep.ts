/**
 * One action on many things: those of a list, or those that were named. A request takes a bounded number of steps, and
 * says where to go on; each thing succeeds or is refused for itself.
 */
import { JobschedError } from '../../errors.ts';
import type { Cursor, Page } from '../../store/views.ts';
import { toProblem } from '../reply/problem.ts';
import type { ApiRequest } from '../routes/route.ts';
import type { Problem } from '../schema/problem.ts';
import { fault, refusal } from '../request/validate.ts';
import { whenAll } from '../when-all.ts';

/** How many things of a list one request acts on, and how many pages it looks at for them. */
const MOST_DONE = 1_000;
const MOST_PAGES = 20;
const PAGE = 200;

/** How many are acted on at the same time. */
const AT_ONCE = 50;

/** Something that is to be acted on: found in a list, or still to be found by what it was called. */
interface Target<Thing> {
  readonly id: string;
  readonly find: () => Promise<Thing>;
}

export interface Sweep<Thing extends { readonly id: string }> {
  /** Those that were named; undefined for a list. */
  readonly ids: readonly string[] | undefined;
  readonly cursor: Cursor | null;
  readonly dryRun: boolean;
  /** @throws JobschedError when it cannot be found. */
  readonly find: (name: string) => Promise<Thing>;
  readonly list: (limit: number, cursor: Cursor | null) => Promise<Page<Thing>>;
  /** Whether the action changes it, so that it is taken from a list. */
  readonly isMeant: (thing: Thing) => boolean;
  /** @throws JobschedError when it cannot be done. */
  readonly act: (thing: Thing) => Promise<unknown>;
}

export interface Swept {
  readonly dry_run: boolean;
  readonly matched: number;
  readonly done: number;
  readonly refused: { readonly id: string; readonly problem: Problem }[];
  readonly more: boolean;
  readonly next_cursor: Cursor | null;
}

/** @throws JobschedError `invalid_request` unless there is either a filter or names. */
export function requireOneOf({
  filter,
  ids,
  cursor,
}: {
  readonly filter?: unknown;
  readonly ids?: unknown;
  readonly cursor?: unknown;
}): void {
  if ((filter === undefined) === (ids === undefined)) {
    const hint = 'With "filter": {} all are meant.';
    throw refusal([fault('filter', 'or ids must be given, and only one of them', hint)]);
  }
  if (ids !== undefined && cursor !== undefined) {
    throw refusal([fault('cursor', 'belongs to a filter: those that are named are all dealt with at once')]);
  }
}

export async function sweep<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Sweep<Thing>,
): Promise<Swept> {
  const { targets, next } = wanted.ids === undefined ? await listed(request, wanted) : named(wanted, wanted.ids);
  const refused: Swept['refused'] = [];
  for (let from = 0; from < targets.length; from += AT_ONCE) {
    request.requireListener();
    const some = targets.slice(from, from + AT_ONCE);
    const problems = await whenAll(some.map((target) => tryOne(request, wanted, target)));
    for (const [index, { id }] of some.entries()) {
      const problem = problems[index];
      if (problem) refused.push({ id, problem });
    }
  }
  const matched = targets.length;
  const done = wanted.dryRun ? 0 : matched - refused.length;
  return { dry_run: wanted.dryRun, matched, done, refused, more: next !== null, next_cursor: next };
}

interface Targets<Thing> {
  readonly targets: readonly Target<Thing>[];
  readonly next: Cursor | null;
}

function named<Thing extends { readonly id: string }>({ find }: Sweep<Thing>, ids: readonly string[]): Targets<Thing> {
  return { targets: [...new Set(ids)].map((name) => ({ id: name, find: () => find(name) })), next: null };
}

/** All are found before the first is acted on: what the action changes would be listed otherwise. */
async function listed<Thing extends { readonly id: string }>(
  { requireListener }: ApiRequest,
  { list, isMeant, cursor }: Sweep<Thing>,
): Promise<Targets<Thing>> {
  const targets: Target<Thing>[] = [];
  let next = cursor;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    requireListener();
    const page = await list(PAGE, next);
    targets.push(...page.rows.filter(isMeant).map((row) => ({ id: row.id, find: async () => row })));
    next = page.next;
    if (next === null || targets.length + PAGE > MOST_DONE) break;
  }
  return { targets, next };
}

/** Null when it was done. A dry run only finds it. */
async function tryOne<Thing extends { readonly id: string }>(
  { requestId }: ApiRequest,
  { act, dryRun }: Sweep<Thing>,
  { find }: Target<Thing>,
): Promise<Problem | null> {
  try {
    const thing = await find();
    if (!dryRun) await act(thing);
    return null;
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return toProblem(error, requestId);
  }
}
