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

type Attempted<Value> = { readonly value: Value } | { readonly problem: Problem };

/** Something that is to be acted on, or a name under which there is nothing that can be. */
interface Target<Thing> {
  /** Of a list its id; else as it was named. */
  readonly id: string;
  readonly found: Attempted<Thing>;
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
  /** @throws JobschedError when it is known that it cannot be done. */
  readonly foresee: (thing: Thing) => Promise<void>;
  /** @throws JobschedError when it cannot be done. */
  readonly act: (thing: Thing) => Promise<unknown>;
  /** Whether the actions have done as much as one request may: then it leaves off, and is to be sent again as it was. */
  readonly isSpent: () => boolean;
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
  const { dryRun, ids } = wanted;
  const { targets, next } = ids === undefined ? await listed(request, wanted) : await named(request, wanted, ids);
  const act = async ({ found }: Target<Thing>): Promise<Attempted<unknown>> => {
    if ('problem' in found) return found;
    return attempt(request, () => (dryRun ? wanted.foresee(found.value) : wanted.act(found.value)));
  };
  const tried = await inSteps(request, targets, act, wanted.isSpent);
  const refused = tried.flatMap((one, index) => {
    const id = targets[index]?.id ?? '';
    return 'problem' in one ? [{ id, problem: one.problem }] : [];
  });
  const matched = tried.length;
  const done = dryRun ? 0 : matched - refused.length;
  const counted = { dry_run: dryRun, matched, done, refused };
  return wanted.isSpent()
    ? { ...counted, more: true, next_cursor: wanted.cursor }
    : { ...counted, more: next !== null, next_cursor: next };
}

interface Targets<Thing> {
  readonly targets: readonly Target<Thing>[];
  readonly next: Cursor | null;
}

/** Each thing once, however often and in however many ways it is named. */
async function named<Thing extends { readonly id: string }>(
  request: ApiRequest,
  { find }: Sweep<Thing>,
  ids: readonly string[],
): Promise<Targets<Thing>> {
  const all = await inSteps(request, [...new Set(ids)], async (id): Promise<Target<Thing>> => {
    return { id, found: await attempt(request, () => find(id)) };
  });
  const seen = new Set<string>();
  const targets = all.filter(({ found }) => {
    if ('problem' in found) return true;
    const isNew = !seen.has(found.value.id);
    seen.add(found.value.id);
    return isNew;
  });
  return { targets, next: null };
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
    targets.push(...page.rows.filter(isMeant).map((value) => ({ id: value.id, found: { value } })));
    next = page.next;
    if (next === null || targets.length + PAGE > MOST_DONE) break;
  }
  return { targets, next };
}

/** In their order; some at the same time. */
async function inSteps<From, To>(
  { requireListener }: ApiRequest,
  all: readonly From[],
  step: (one: From) => Promise<To>,
  isOver: () => boolean = () => false,
): Promise<To[]> {
  const results: To[] = [];
  for (let from = 0; from < all.length && !isOver(); from += AT_ONCE) {
    requireListener();
    results.push(...(await whenAll(all.slice(from, from + AT_ONCE).map(step))));
  }
  return results;
}

async function attempt<Value>({ requestId }: ApiRequest, what: () => Promise<Value>): Promise<Attempted<Value>> {
  try {
    return { value: await what() };
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return { problem: toProblem(error, requestId) };
  }
}
