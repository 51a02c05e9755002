/**
 * What changed, from the stream that scripts write (lua/lib/effects.lua): an entry has the changes of one script, a line
 * each. Its id is the number of the last of them; the others have those before it.
 */
import type { Change, ChangeId, Changes } from '../views.ts';
import type { RedisLink } from './link/link.ts';
import { list } from './link/reply.ts';

const MOST_TOLD = 1_000;

const KINDS: Readonly<Record<string, Change['kind']>> = { j: 'job', r: 'run', w: 'worker', q: 'queue' };

/** @param since the newest id that is known already: what `next` was, or the id of a change. */
export async function changes(link: RedisLink, since: ChangeId | null): Promise<Changes> {
  const [newest, first] = await ends(link);
  if (since === null) return { changes: [], next: newest, gap: false };
  const gap = since < first - 1 || since > newest;
  const told = await changesAfter(link, gap ? 0 : since);
  return { changes: told, next: told.at(-1)?.id ?? newest, gap };
}

/** All jobs and runs that the log still tells of. */
export async function refsChanged(link: RedisLink): Promise<ReadonlySet<string>> {
  const [entries] = await link.read([['XRANGE', `${link.prefix}changes`, '-', '+']]);
  return new Set(list(entries).flatMap((entry) => changesOf(entry).map(({ ref }) => ref)));
}

/** The newest id, and the oldest that is still told; one above the newest when none is. */
async function ends(link: RedisLink): Promise<readonly [newest: ChangeId, first: ChangeId]> {
  const [counter, oldest] = await link.read([
    ['HGET', `${link.prefix}n`, 'changes'],
    ['XRANGE', `${link.prefix}changes`, '-', '+', 'COUNT', 1],
  ]);
  const newest = Number(counter ?? 0);
  return [newest, list(oldest).flatMap(changesOf)[0]?.id ?? newest + 1];
}

async function changesAfter(link: RedisLink, since: ChangeId): Promise<Change[]> {
  const [entries] = await link.read([['XRANGE', `${link.prefix}changes`, `(${since}-0`, '+', 'COUNT', MOST_TOLD]]);
  const told = list(entries).flatMap(changesOf);
  return told.filter(({ id }) => id > since).slice(0, MOST_TOLD);
}

function changesOf(entry: unknown): Change[] {
  const [id, fields] = list(entry);
  const newest = Number.parseInt(String(id), 10);
  const told = String(list(fields)[1]).split('\n').flatMap(changesOfLine);
  return told.map((change, index) => ({
    id: newest - told.length + 1 + index,
    kind: change.kind,
    ref: change.ref,
  }));
}

/** `b<run>` tells of a run and its job. */
function changesOfLine(line: string): Omit<Change, 'id'>[] {
  const [letter, ref] = [line.slice(0, 1), line.slice(1)];
  if (letter === 'b') {
    return [
      { kind: 'run', ref },
      { kind: 'job', ref: ref.slice(0, ref.lastIndexOf('.')) },
    ];
  }
  const kind = KINDS[letter];
  if (kind === undefined) throw new Error(`a change of an unknown kind: ${line}`);
  return [{ kind, ref }];
}
