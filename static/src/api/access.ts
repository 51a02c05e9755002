/** What the page asks about keys and the audit log. */
import type { AuditList, KeyList, KeyView, NewKeyView } from '../../../src/http/schema/access.ts';
import type { Filter } from '../filter/filter.ts';
import { listSearch, type PageQuery } from './jobs.ts';
import { request } from './request.ts';

export const listKeys = (signal: AbortSignal): Promise<KeyList> => request('GET', 'api/keys', { signal });

/** @returns the key with its secret, which is never told again. */
export const createKey = (body: Pick<KeyView, 'name' | 'role'>): Promise<NewKeyView> =>
  request('POST', 'api/keys', { body });

export const revokeKey = (id: string): Promise<void> => request('DELETE', `api/keys/${encodeURIComponent(id)}`);

export const listAudit = (filter: Filter, page: PageQuery): Promise<AuditList> =>
  request('GET', `api/audit?${listSearch(filter, page)}`, { signal: page.signal });
