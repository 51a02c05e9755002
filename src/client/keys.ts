/** Calls about keys and the audit log. */
import { allRows, type Page } from './pages.ts';
import { path, withQuery } from './path.ts';
import type { Transport } from './transport.ts';
import type {
  AuditEntryView,
  AuditList,
  AuditQuery,
  KeyList,
  KeyView,
  NewKeyBody,
  NewKeyView,
  WhoamiView,
} from '../http/schema/access.ts';

export interface KeysClient {
  /** With its secret, which is in this reply alone. @throws `name_taken`. */
  create(key: NewKeyBody): Promise<NewKeyView>;
  /** Newest first. */
  list(): Promise<readonly KeyView[]>;
  /** By its name or its id. @throws `not_found`. */
  revoke(ref: string): Promise<void>;
}

/** What the audit log is asked for. */
export type AuditFilter = Omit<AuditQuery, 'limit' | 'cursor'>;

export interface AccessClient {
  readonly keys: KeysClient;
  /** Who this client is to the server. */
  whoami(): Promise<WhoamiView>;
  /** A page of the audit log, newest first. */
  auditPage(query?: AuditQuery): Promise<Page<AuditEntryView>>;
  /** All of it, newest first, a page at a time. */
  audit(filter?: AuditFilter): AsyncIterable<AuditEntryView>;
}

export function accessClient(transport: Transport): AccessClient {
  const get = <Reply>(from: string): Promise<Reply> => transport.json<Reply>({ method: 'GET', path: from });
  const auditPage = async (query: AuditQuery = {}): Promise<Page<AuditEntryView>> => {
    const { entries, next_cursor: next } = await get<AuditList>(withQuery('/api/audit', { ...query }));
    return { rows: entries, next };
  };
  const whoami = (): Promise<WhoamiView> => get('/api/whoami');
  const revoke = async (ref: string): Promise<void> => {
    // A key that was never valid is refused as one's own is once it is revoked, and has revoked nothing.
    const { name, kind } = await whoami();
    const isOwn = kind === 'key' && name === ref;
    await transport.json({
      method: 'DELETE',
      path: path`/api/keys/${ref}`,
      again: [50, 500],
      doneWhen: isOwn ? ['not_found', 'unauthorized'] : ['not_found'],
    });
  };
  return {
    keys: {
      create: (key) => transport.json({ method: 'POST', path: '/api/keys', body: key }),
      list: async () => (await get<KeyList>('/api/keys')).keys,
      revoke,
    },
    whoami,
    auditPage,
    audit: (filter = {}) => allRows((cursor) => auditPage({ ...filter, ...(cursor !== undefined && { cursor }) })),
  };
}
