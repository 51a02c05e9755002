/** What the audit log says of a request that changed something. */
import type { AuditDetail, NewAuditEntry } from '../../store/audit.ts';
import type { Caller } from '../guard/caller.ts';
import type { Reply } from '../reply/reply.ts';
import { REPLAYED } from '../job/make.ts';
import type { ApiRequest, Route } from '../routes/route.ts';

/** What a handler says itself, where its path and its reply do not tell. */
export interface About {
  readonly target: string | null;
  readonly detail?: AuditDetail;
}

/**
 * Null for what changed nothing: a route that never does, a request that was replayed, a dry run, and what failed before
 * it did anything.
 *
 * @param reply null when it failed.
 */
export function entryOf(
  { action }: Route,
  { caller, address, params }: Pick<ApiRequest, 'caller' | 'address' | 'params'>,
  reply: Reply | null,
  about: About | null,
): Omit<NewAuditEntry, 'id'> | null {
  if (action === null || about?.detail?.['dry_run'] === true) return null;
  if (reply === null ? !didSome(about) : isReplayed(reply)) return null;
  const body = reply?.kind === 'json' ? (reply.body as Readonly<Record<string, unknown>>) : {};
  const { target, detail = {} } = about ?? { target: textOf(body['id']) ?? named(params), detail: nameOf(body) };
  return { ...actorOf(caller), address, action, target, detail };
}

type Actor = Pick<NewAuditEntry, 'who' | 'kind' | 'keyId' | 'role'>;

export const NOBODY: Actor = { who: '', kind: null, keyId: null, role: null };

export function actorOf(caller: Caller | null): Actor {
  if (caller === null) return NOBODY;
  const { name, kind, keyId, role } = caller;
  return { who: name, kind, keyId, role };
}

/** Of many. */
const didSome = (about: About | null): boolean => Number(about?.detail?.['done'] ?? 0) > 0;

function isReplayed({ headers }: Reply): boolean {
  return Object.keys(REPLAYED).some((name) => headers[name] !== undefined);
}

const named = (params: ApiRequest['params']): string | null => params['ref'] ?? params['name'] ?? params['id'] ?? null;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What people call it, since a job may be gone when somebody reads this. */
function nameOf(body: Readonly<Record<string, unknown>>): AuditDetail {
  const name = textOf(body['name']) ?? textOf(body['job_name']);
  return name === null ? {} : { name };
}
