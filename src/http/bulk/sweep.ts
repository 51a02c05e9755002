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
import {
  afterNames,
  cursorOf,
  goesOn,
  isAmongNames,
  MOST_BEGUN,
  namesBefore,
  placeOf,
  THE_END,
  type Begun,
} from './place.ts';

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
  /** How far that request came with it. */
  readonly at?: number | undefined;
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
  /**
   * @param from how far a request before came with it.
   * @returns what is left to do to it, null for nothing.
   * @throws JobschedError when it cannot be done.
   */
  readonly act: (thing: Thing, from: number | undefined) => Promise<Rest | null>;
  /** Whether the actions have done as much as one request may: then it leaves off. */
  readonly isSpent: () => boolean;
}

export interface Rest {
  /** How far it came: what `act` is to go on from in another request. */
  readonly at: number;
  /** Goes on in this one, and gives back what is left then. */
  readonly goOn: () => Promise<Rest | null>;
}

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
  const begun = await begunBefore(request, wanted, place.begun);
  const { targets: others, next } =
    ids === undefined ? await listed(request, wanted, place.rest) : await ofNames(request, wanted, ids, place.rest);
  const targets = [...begun, ...others];
  const { tried, left } = await inTurn(request, wanted, targets);
  const refused = tried.flatMap(({ id, outcome }) => ('problem' in outcome ? [{ id, problem: outcome.problem }] : []));
  const counted = { dry_run: dryRun, matched: tried.length, done: dryRun ? 0 : tried.length - refused.length, refused };
  const reached = targets[tried.length + left.length - 1];
  const isThrough = reached === targets.at(-1);
  const rest = isThrough ? next : (reached?.after ?? place.rest);
  return { ...counted, ...goesOn(cursorOf(left, rest)) };
}

interface Tried {
  /** What came to its end in this request: each thing counts in one request only. */
  readonly tried: readonly { readonly id: string; readonly outcome: Attempted<unknown> }[];
  /** What was begun, and is left to the next request. */
  readonly left: readonly Begun[];
}

/** Some at the same time, until all is done that one request may do. What takes longer goes on when the others are done. */
async function inTurn<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Sweep<Thing>,
  targets: readonly Target<Thing>[],
): Promise<Tried> {
  const tried: Tried['tried'][number][] = [];
  const left: Begun[] = [];
  for (let from = 0; from < targets.length && !wanted.isSpent(); from += AT_ONCE) {
    request.requireListener();
    const chunk = targets.slice(from, from + AT_ONCE);
    const steps = await whenAll(chunk.map((target) => begin(request, wanted, target)));
    for (const [index, { id, found }] of chunk.entries()) {
      let step = steps[index] ?? DONE;
      while ('value' in step && step.value !== null && !wanted.isSpent()) {
        step = await attempt(request, step.value.goOn);
      }
      if ('value' in step && step.value !== null) {
        // By its id, however it was named.
        left.push({ id: 'value' in found ? found.value.id : id, at: step.value.at });
      } else tried.push({ id, outcome: step });
    }
  }
  return { tried, left };
}

const DONE: Attempted<Rest | null> = { value: null };

async function begin<Thing extends { readonly id: string }>(
  request: ApiRequest,
  { dryRun, foresee, act }: Sweep<Thing>,
  { found, at }: Target<Thing>,
): Promise<Attempted<Rest | null>> {
  if ('problem' in found) return found;
  return attempt(request, async () => {
    if (!dryRun) return act(found.value, at);
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
  const before = namesBefore(rest);
  const all = await named(request, wanted, ids);
  const targets = all.filter(({ number }) => number > before);
  return { targets: targets.map(({ id, found, number }) => ({ id, found, after: afterNames(number) })), next: null };
}

async function begunBefore<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Sweep<Thing>,
  begun: readonly Begun[],
): Promise<Target<Thing>[]> {
  const all = await named(
    request,
    wanted,
    begun.map(({ id }) => id),
  );
  return all.map(({ id, found, number }) => ({ id, found, after: null, at: begun[number - 1]?.at }));
}

interface Named<Thing> extends Pick<Target<Thing>, 'id' | 'found'> {
  /** Which of the names as they were given, from 1: what becomes of the others meanwhile does not change it. */
  readonly number: number;
}

/** Each thing once, however often and in however many ways it is named. */
async function named<Thing extends { readonly id: string }>(
  request: ApiRequest,
  { find }: Sweep<Thing>,
  ids: readonly string[],
): Promise<Named<Thing>[]> {
  const numbers = new Map<string, number>();
  for (const [index, id] of ids.entries()) if (!numbers.has(id)) numbers.set(id, index + 1);
  const all = await inSteps(request, [...numbers], async ([id, number]) => ({
    id,
    number,
    found: await attempt(request, () => find(id)),
  }));
  const seen = new Set<string>();
  return all.filter(({ found }) => {
    if ('problem' in found) return true;
    const isNew = !seen.has(found.value.id);
    seen.add(found.value.id);
    return isNew;
  });
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
