/** Keys, logins and the audit log on the wire. */
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../../domain/audit-action.ts';
import { CALLER_KINDS } from '../../domain/caller-kind.ts';
import { ROLES } from '../../domain/role.ts';
import { limit, time, timeGiven } from './scalar.ts';

const role = z.enum(ROLES).describe('`viewer` looks, `operator` also changes jobs and runs, `admin` also makes keys.');

/** As jobs are named. */
const keyName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ . -, the first a letter or digit')
  .describe('Who has it, or what for: the audit log names it. No two keys have the same.');

/** What the audit log calls those who show no key, and what keys are known by besides their names. */
const TAKEN = /^(?:local|anyone|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

export const newKeyBody = z
  .strictObject({
    name: keyName.refine(
      (name) => !TAKEN.test(name),
      'must not be local, anyone or a UUID: it could be taken for another',
    ),
    role: role.optional().meta({ default: 'operator' }),
    expires_at: timeGiven
      .nullable()
      .optional()
      .describe('From then on it is not valid any more. Default: null, never.'),
  })
  .meta({ id: 'NewKey', description: 'A key to be made.' });

export type NewKeyBody = z.input<typeof newKeyBody>;

const keyShape = {
  id: z.uuid().describe('To revoke it by.'),
  name: keyName,
  role,
  created_at: time.describe('When it was made.'),
  expires_at: time.nullable().describe('From then on it is not valid any more. Null: it stays valid.'),
  expired: z.boolean().describe('Whether that has come.'),
  last_used_at: time.nullable().describe('When it was last used, to the minute or so.'),
} as const;

export const keyView = z.strictObject(keyShape).meta({ id: 'Key', description: 'A key, without its secret.' });
export type KeyView = z.infer<typeof keyView>;

export const newKeyView = z
  .strictObject({
    ...keyShape,
    key: z.string().describe('The secret itself. It is shown this once, and kept nowhere.'),
  })
  .meta({ id: 'MadeKey', description: 'A key that was just made.' });
export type NewKeyView = z.infer<typeof newKeyView>;

export const keyList = z
  .strictObject({ keys: z.array(keyView).describe('Newest first.') })
  .meta({ id: 'KeyList', description: 'The keys.' });
export type KeyList = z.infer<typeof keyList>;

export const loginBody = z
  .strictObject({ key: z.string().min(1).max(200).describe('The secret.') })
  .meta({ id: 'Login', description: 'Opens a session for a page.' });

export const loginView = z
  .strictObject({
    name: keyName,
    role,
    expires_at: time.describe('When the session ends, unless its key does before.'),
  })
  .meta({ id: 'LoggedIn', description: 'The session that was opened.' });
export type LoginView = z.infer<typeof loginView>;

const KIND =
  "`key`: by a key. `session`: by the cookie of a page. `local`: as this machine's own user. `open`: as anybody, since " +
  'the server lets anybody in.';

export const whoamiView = z
  .strictObject({
    name: z.string().nullable().describe("The key's name, `local` or `anyone`. Null for nobody."),
    role: role.nullable(),
    kind: z.enum(CALLER_KINDS).nullable().describe(`${KIND} Null: as nobody.`),
    auth_required: z
      .boolean()
      .describe(
        "Whether this server wants a key, or a session, of all but this machine's own user; false for that one.",
      ),
    read_only: z.boolean().describe('Whether this server changes nothing, whoever asks.'),
  })
  .meta({ id: 'Whoami', description: 'Who asks.' });
export type WhoamiView = z.infer<typeof whoamiView>;

export const auditQuery = z.strictObject({
  since: timeGiven.optional().describe('Only at or after this.'),
  until: timeGiven.optional().describe('Only before this.'),
  who: z.string().max(64).optional().describe('Only by the key of this name, by `local`, or by `anyone`.'),
  action: z.enum(AUDIT_ACTIONS).optional().describe('Only this.'),
  job: z.string().max(100).optional().describe('Only of this job and its runs: its name, or its id.'),
  limit: limit.optional().meta({ description: 'Rows in a page. 1 to 200.', default: 50 }),
  cursor: z.string().min(1).max(500).optional().describe("The page before's `next_cursor`."),
});

export type AuditQuery = z.infer<typeof auditQuery>;

const auditDetail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const auditEntry = z
  .strictObject({
    id: z.uuid().describe('Its own.'),
    time: time.describe('When, by the clock of the storage engine.'),
    who: z.string().describe("The key's name, `local` or `anyone`; empty for who is nobody."),
    kind: z
      .enum(CALLER_KINDS)
      .nullable()
      .describe(`How it was let in. ${KIND} Null for who is nobody, and in entries of before this was kept.`),
    key_id: z.uuid().nullable().describe('Of the key that was shown or logged in with. Null without one.'),
    role: role.nullable().describe('The role it had then. Null for who is nobody.'),
    address: z.string().describe('Where the request came from, as far as it can be believed.'),
    action: z.enum(AUDIT_ACTIONS).describe('What was done.'),
    target: z
      .string()
      .nullable()
      .describe(
        'The id of the job, run, key or worker, the name of the queue, or `data` of a backup; null for several.',
      ),
    targets: z
      .array(
        z.strictObject({
          id: z.string().describe('Its id.'),
          detail: auditDetail.describe('More of it: what it is called.'),
        }),
      )
      .describe('Each of them where there are several, at most 100: what one request did to more is several entries.'),
    detail: auditDetail.describe(
      'More of it: its name, which fields of an edit; of several how many the request changed, and its filter.',
    ),
  })
  .meta({ id: 'AuditEntry', description: 'One thing that somebody did.' });
export type AuditEntryView = z.infer<typeof auditEntry>;

export const auditList = z
  .strictObject({
    entries: z.array(auditEntry).describe('Newest first. May be shorter than asked and still have a `next_cursor`.'),
    next_cursor: z.string().nullable().describe('Give it as `cursor` to read on. Null: this was the last page.'),
  })
  .meta({ id: 'AuditList', description: 'A page of the audit log.' });
export type AuditList = z.infer<typeof auditList>;
