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
import { afterNames, cursorOf, isAmongNames, MOST_BEGUN, namesBefore, placeOf, THE_END } from './place.ts';

/** How many things of a list one request acts on, and how many pages it looks at for them. */
const MOST_DONE = 1_000;
const MOST_PAGES = 20;
const PAGE = 200;

/** How many are acted on at the same time. */
const AT_ONCE = MOST_BEGUN;

type Attempted<Value> = { readonly value: Value } | { readonly problem: Problem };

/** Something that is to be acted on, or a name under which there is nothing that can be. */
interface Target<Thing> {
  /** Of a list its id; else as it was named. */
  readonly id: string;
  readonly found: Attempted<Thing>;
  /** Where what comes after it begins. Null: it was begun by a request before, and is finished first. */
  readonly after: Cursor | null;
}

export interface Sweep<Thing extends { readonly id: string }> {
  /** Those that were named; undefined for a list. */
  readonly ids: readonly string[] | undefined;
  /** Of the request before: see `place.ts`. */
  readonly cursor: string | null;
  readonly dryRun: boolean;
  /** @throws JobschedError when it cannot be found. */
  readonly find: (name: string) => Promise<Thing>;
  readonly list: (limit: number, cursor: Cursor | null) => Promise<Page<Thing>>;
  /** Whether the action changes it, so that it is taken from a list. */
  readonly isMeant: (thing: Thing) => boolean;
  /** @throws JobschedError when it is known that it cannot be done. */
  readonly foresee: (thing: Thing) => Promise<void>;
  /** @returns what is left to do to it, null for nothing. @throws JobschedError when it cannot be done. */
  readonly act: (thing: Thing) => Promise<Rest | null>;
  /** Whether the actions have done as much as one request may: then it leaves off. */
  readonly isSpent: () => boolean;
}

/** Goes on with what takes longer, and gives back what is left then. */
export type Rest = () => Promise<Rest | null>;

export interface Swept {
  readonly dry_run: boolean;
  readonly matched: number;
  readonly done: number;
  readonly refused: { readonly id: string; readonly problem: Problem }[];
  readonly more: boolean;
  readonly next_cursor: string | null;
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
  if (ids !== undefined && cursor !== undefined && !isAmongNames(cursor)) {
    throw refusal([fault('cursor', 'is none that an answer to named ones gave')]);
  }
}

export async function sweep<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Sweep<Thing>,
): Promise<Swept> {
  const { dryRun, ids } = wanted;
  const place = placeOf(wanted.cursor);
  const begun = await named(request, wanted, place.begun, () => null);
  const { targets: others, next } =
    ids === undefined ? await listed(request, wanted, place.rest) : await ofNames(request, wanted, ids, place.rest);
  const targets = [...begun, ...others];
  const { tried, left } = await inTurn(request, wanted, targets);
  const refused = tried.flatMap(({ id, outcome }) => ('problem' in outcome ? [{ id, problem: outcome.problem }] : []));
  const counted = { dry_run: dryRun, matched: tried.length, done: dryRun ? 0 : tried.length - refused.length, refused };
  const reached = targets[tried.length + left.length - 1];
  const isThrough = reached === targets.at(-1);
  const rest = isThrough ? next : (reached?.after ?? place.rest);
  const cursor = cursorOf(left.map(idOf), rest);
  return { ...counted, more: cursor !== null, next_cursor: cursor };
}

/** However it was named. */
const idOf = <Thing extends { readonly id: string }>({ id, found }: Target<Thing>): string =>
  'value' in found ? found.value.id : id;

interface Tried<Thing> {
  /** What came to its end in this request: each thing counts in one request only. */
  readonly tried: readonly { readonly id: string; readonly outcome: Attempted<unknown> }[];
  /** What was begun, and is left to the next request. */
  readonly left: readonly Target<Thing>[];
}

/** Some at the same time, until all is done that one request may do. What takes longer goes on when the others are done. */
async function inTurn<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Sweep<Thing>,
  targets: readonly Target<Thing>[],
): Promise<Tried<Thing>> {
  const tried: Tried<Thing>['tried'][number][] = [];
  const left: Target<Thing>[] = [];
  for (let from = 0; from < targets.length && !wanted.isSpent(); from += AT_ONCE) {
    request.requireListener();
    const chunk = targets.slice(from, from + AT_ONCE);
    const steps = await whenAll(chunk.map((target) => begin(request, wanted, target)));
    for (const [index, target] of chunk.entries()) {
      let step = steps[index] ?? DONE;
      while ('value' in step && step.value !== null && !wanted.isSpent()) step = await attempt(request, step.value);
      if ('value' in step && step.value !== null) left.push(target);
      else tried.push({ id: target.id, outcome: step });
    }
  }
  return { tried, left };
}

const DONE: Attempted<Rest | null> = { value: null };

async function begin<Thing extends { readonly id: string }>(
  request: ApiRequest,
  { dryRun, foresee, act }: Sweep<Thing>,
  { found }: Target<Thing>,
): Promise<Attempted<Rest | null>> {
  if ('problem' in found) return found;
  return attempt(request, async () => {
    if (!dryRun) return act(found.value);
    await foresee(found.value);
    return null;
  });
}

interface Targets<Thing> {
  readonly targets: readonly Target<Thing>[];
  readonly next: Cursor | null;
}

/** Those of the request's own names that were not reached before; a place among them is their number. */
async function ofNames<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Sweep<Thing>,
  ids: readonly string[],
  rest: Cursor | null,
): Promise<Targets<Thing>> {
  if (rest === THE_END) return { targets: [], next: null };
  const all = await named(request, wanted, ids, (index) => afterNames(index + 1));
  return { targets: all.slice(namesBefore(rest)), next: null };
}

/** Each thing once, however often and in however many ways it is named. */
async function named<Thing extends { readonly id: string }>(
  request: ApiRequest,
  { find }: Sweep<Thing>,
  ids: readonly string[],
  after: (index: number) => Cursor | null,
): Promise<Target<Thing>[]> {
  const all = await inSteps(request, [...new Set(ids)], async (id) => ({
    id,
    found: await attempt(request, () => find(id)),
  }));
  const seen = new Set<string>();
  return all
    .filter(({ found }) => {
      if ('problem' in found) return true;
      const isNew = !seen.has(found.value.id);
      seen.add(found.value.id);
      return isNew;
    })
    .map(({ id, found }, index) => ({ id, found, after: after(index) }));
}

/** All are found before the first is acted on: what the action changes would be listed otherwise. */
async function listed<Thing extends { readonly id: string }>(
  { requireListener }: ApiRequest,
  { list, isMeant }: Sweep<Thing>,
  rest: Cursor | null,
): Promise<Targets<Thing>> {
  if (rest === THE_END) return { targets: [], next: null };
  const targets: Target<Thing>[] = [];
  let next = rest;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    requireListener();
    const page = await list(PAGE, next);
    const all = page.rows.map((value, index) => ({ id: value.id, found: { value }, after: page.after[index] ?? null }));
    targets.push(...all.filter(({ found }) => isMeant(found.value)));
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
): Promise<To[]> {
  const results: To[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
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
