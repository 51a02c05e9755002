/**
 * One action on many things: those of a list, or those that were named. A request takes a bounded number of steps, and
 * says where to go on; each thing succeeds or is refused for itself.
 */
import type { ApiRequest } from '../routes/route.ts';
import type { Problem } from '../schema/problem.ts';
import { fault, refusal } from '../request/validate.ts';
import { whenAll } from '../when-all.ts';
import { cursorOf, goesOn, isAmongNames, placeOf, type Begun } from './place.ts';
import { AT_ONCE, attempt, begunBefore, listed, ofNames, type Attempted, type Source, type Target } from './targets.ts';

export interface Sweep<Thing extends { readonly id: string }> extends Source<Thing> {
  /** Those that were named; undefined for a list. */
  readonly ids: readonly string[] | undefined;
  /** Of the request before: see `place.ts`. */
  readonly cursor: string | null;
  readonly dryRun: boolean;
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
