/** Who may ask: keys, each shown once when it is made. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { KeyView } from '../../../src/http/schema/access.ts';
import { createKey, listKeys, revokeKey } from '../api/access.ts';
import { ApiError } from '../api/request.ts';
import { announce } from '../parts/announcer.tsx';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Ago, Moment } from '../parts/moment.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';
import type { Role } from '../session/session.ts';

const ROLES: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: looks'],
  ['operator', 'operator: also changes jobs and runs'],
  ['admin', 'admin: also makes keys'],
];

/** Whoever has it makes the others. */
const FIRST = ROLES.filter(([role]) => role === 'admin');

export function Keys(): JSX.Element {
  const resource = useResource('keys', listKeys, () => false);
  const made = useSignal<string | null>(null);
  const revoking = useSignal<KeyView | null>(null);
  const error = useSignal<ApiError | null>(null);
  const act = async (work: () => Promise<string>): Promise<boolean> => {
    error.value = null;
    try {
      announce(await work());
      resource.refresh();
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
      return false;
    }
  };
  const create = (name: string, role: Role): Promise<boolean> =>
    act(async () => {
      made.value = (await createKey({ name, role })).key;
      return `Made ${name}`;
    });
  const revoke = ({ id, name }: KeyView): Promise<boolean> =>
    act(async () => {
      revoking.value = null;
      await revokeKey(id);
      return `Revoked ${name}`;
    });
  const keys = resource.value.value?.keys ?? null;
  return (
    <div class="settings">
      <NewKey roles={keys?.length === 0 ? FIRST : ROLES} onCreate={create} />
      {error.value !== null && <Problem error={error.value} />}
      {made.value !== null && (
        <section class="card made-key" aria-label="The new key" role="status">
          <div class="panel-line">
            <p>This is the key. It is shown this once: keep it now.</p>
            <CopyButton text={made.value} what="the key" />
          </div>
          <pre class="command" tabIndex={0} aria-label="The key">
            <code>{made.value}</code>
          </pre>
        </section>
      )}
      {keys === null && (resource.error.value === null ? <Skeleton /> : <Problem error={resource.error.value} />)}
      {keys?.length === 0 && (
        <div class="empty">
          <p>There is no key yet. Here, or in a terminal:</p>
          <pre>
            <code>jobsched key create me --role admin</code>
          </pre>
        </div>
      )}
      {keys !== null && keys.length > 0 && <KeyTable keys={keys} onRevoke={(key) => (revoking.value = key)} />}
      {revoking.value !== null && (
        <ConfirmDialog
          title={`Revoke ${revoking.value.name}?`}
          action="Revoke"
          onConfirm={() => revoking.value !== null && void revoke(revoking.value)}
          onClose={() => (revoking.value = null)}
        >
          <p>Whoever uses it is refused from now on, and their sessions end.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

interface NewKeyProps {
  readonly roles: typeof ROLES;
  readonly onCreate: (name: string, role: Role) => Promise<boolean>;
}

function NewKey({ roles, onCreate }: NewKeyProps): JSX.Element {
  const name = useSignal('');
  const wanted = useSignal<Role>('operator');
  const role = roles.find(([one]) => one === wanted.value)?.[0] ?? 'admin';
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await onCreate(name.value.trim(), role)) name.value = '';
  };
  return (
    <form class="card new-key" aria-label="Make a key" onSubmit={(event) => void submit(event)}>
      <div class="field">
        <label for="key-name">Name</label>
        <input
          id="key-name"
          required
          autocomplete="off"
          placeholder="ci"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="key-role">Role</label>
        <select
          id="key-role"
          value={role}
          onChange={(event) => {
            wanted.value = ROLES.find(([one]) => one === event.currentTarget.value)?.[0] ?? 'operator';
          }}
        >
          {roles.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="primary">
        Make a key
      </button>
    </form>
  );
}

interface TableProps {
  readonly keys: readonly KeyView[];
  readonly onRevoke: (key: KeyView) => void;
}

const KeyTable = ({ keys, onRevoke }: TableProps): JSX.Element => (
  <PlainTable name="Keys" columns={['Name', 'Role', 'Made', 'Last used', 'Valid until']}>
    {keys.map((key) => (
      <tr key={key.id}>
        <th scope="row">{key.name}</th>
        <td>{key.role}</td>
        <td class="number">
          <Moment at={key.created_at} />
        </td>
        <td class="number">{key.last_used_at === null ? 'never' : <Ago at={key.last_used_at} />}</td>
        <td class="number">
          {key.expires_at === null ? 'for ever' : <Moment at={key.expires_at} />}
          {key.expired && <span class="tag-word">expired</span>}
        </td>
        <td>
          <button type="button" onClick={() => onRevoke(key)}>
            Revoke
          </button>
        </td>
      </tr>
    ))}
  </PlainTable>
);
