/** `/settings`: the installation itself. */
import type { JSX } from 'preact';
import { getStats } from '../api/system.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { useResource } from '../resource.ts';
import { logout, noAdmin, session } from '../session/session.ts';

export function SettingsPage({ tab }: { readonly tab: 'keys' | 'audit' | 'about' }): JSX.Element {
  const stats = useResource('stats', getStats, () => false).value.value;
  return (
    <>
      <PageTitle title="Settings" />
      {stats !== null && tab === 'about' && (
        <p>
          jobsched {stats.version}, data in {stats.engine}
        </p>
      )}
      {tab !== 'about' && <p class="quiet">{noAdmin.value}</p>}
      {session.value?.kind === 'session' && (
        <button type="button" onClick={() => void logout()}>
          Log out
        </button>
      )}
    </>
  );
}
