/** Examples for the OpenAPI document: keys, sessions and the audit log. */
import type {
  AuditEntryView,
  AuditList,
  KeyList,
  KeyView,
  LoginView,
  NewKeyView,
  WhoamiView,
} from '../schema/access.ts';

const key: KeyView = {
  id: '0199a6c2-9d10-4c83-8a11-5f1de2b0c7aa',
  name: 'ci',
  role: 'operator',
  created_at: '2026-11-24T02:00:00.000Z',
  expires_at: '2027-02-22T02:00:00.000Z',
  expired: false,
  last_used_at: null,
};

const entry: AuditEntryView = {
  id: '0199a6c3-0b57-4d0f-9a3e-7c52f0c1d9b4',
  time: '2026-11-24T02:00:00.021Z',
  who: 'ci',
  kind: 'key',
  key_id: key.id,
  role: 'operator',
  address: '10.0.0.7',
  action: 'job.run',
  target: '0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10.42',
  targets: [],
  detail: { name: 'nightly' },
};

const several: AuditEntryView = {
  ...entry,
  id: '0199a6c3-0b57-4d0f-9a3e-7c52f0c1d9b5',
  action: 'job.pause',
  target: null,
  targets: [
    { id: '0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10', detail: { name: 'nightly' } },
    { id: '5d1a4c0e-2f0b-4a46-8d0e-6c1be4a77b21', detail: {} },
  ],
  detail: { bulk: '{"tag":"backup"}', count: 2 },
};

export const ACCESS_EXAMPLES = {
  AuditEntry: [entry, several],
  AuditList: [{ entries: [entry], next_cursor: null }] satisfies AuditList[],
  Key: [key],
  KeyList: [{ keys: [key] }] satisfies KeyList[],
  LoggedIn: [{ name: 'ci', role: 'operator', expires_at: '2026-12-01T02:00:00.000Z' }] satisfies LoginView[],
  // Not one that anything would take for a key that leaked.
  Login: [{ key: 'jsk_…' }],
  MadeKey: [{ ...key, key: 'jsk_…' }] satisfies NewKeyView[],
  NewKey: [{ name: 'ci', role: 'operator', expires_at: '2027-02-22T02:00:00Z' }],
  Whoami: [
    { name: 'ci', role: 'operator', kind: 'key', auth_required: true, read_only: false },
    { name: null, role: null, kind: null, auth_required: true, read_only: false },
  ] satisfies WhoamiView[],
} as const;
