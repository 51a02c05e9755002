/** What one action on many is to be done to: found by name, or in a list; and what requests before left to be finished. */
import { JobschedError } from '../../errors.ts';
import type { Cursor, Page } from '../../store/views.ts';
import { toProblem } from '../reply/problem.ts';
import type { ApiRequest } from '../routes/route.ts';
import { whenAll } from '../when-all.ts';
import type { Problem } from '../schema/problem.ts';
import { afterNames, MOST_BEGUN, namesBefore, THE_END, type Begun } from './place.ts';

/** How many things of a list one request acts on, and how many pages it looks at for them. */
const MOST_DONE = 1_000;
const MOST_PAGES = 20;
const PAGE = 200;

/** How many are looked for, or acted on, at the same time. */
export const AT_ONCE = MOST_BEGUN;

export type Attempted<Value> = { readonly value: Value } | { readonly problem: Problem };

/** Something that is to be acted on, or a name under which there is nothing that can be. */
export interface Target<Thing> {
  /** Of a list its id; else as it was named. */
  readonly id: string;
  readonly found: Attempted<Thing>;
  /** Where what comes after it begins. Null: it was begun by a request before, and is finished first. */
  readonly after: Cursor | null;
  /** How far that request came with it. */
  readonly at?: number | undefined;
}

/** Where things come from: names, or a list. */
export interface Source<Thing> {
  /** @throws JobschedError when it cannot be found. */
  readonly find: (name: string) => Promise<Thing>;
  readonly list: (limit: number, cursor: Cursor | null) => Promise<Page<Thing>>;
  /** Whether the action changes it, so that it is taken from a list. */
  readonly isMeant: (thing: Thing) => boolean;
}

interface Targets<Thing> {
  readonly targets: readonly Target<Thing>[];
  readonly next: Cursor | null;
}

/** Those of the request's own names that were not reached before; a place among them is their number. */
export async function ofNames<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Source<Thing>,
  ids: readonly string[],
  rest: Cursor | null,
): Promise<Targets<Thing>> {
  if (rest === THE_END) return { targets: [], next: null };
  const before = namesBefore(rest);
  const all = await named(request, wanted, ids);
  const targets = all.filter(({ number }) => number > before);
  return { targets: targets.map(({ id, found, number }) => ({ id, found, after: afterNames(number) })), next: null };
}

export async function begunBefore<Thing extends { readonly id: string }>(
  request: ApiRequest,
  wanted: Source<Thing>,
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
  { find }: Source<Thing>,
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
export async function listed<Thing extends { readonly id: string }>(
  { requireListener }: ApiRequest,
  { list, isMeant }: Source<Thing>,
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

export async function attempt<Value>({ requestId }: ApiRequest, what: () => Promise<Value>): Promise<Attempted<Value>> {
  try {
    return { value: await what() };
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return { problem: toProblem(error, requestId) };
  }
}
