/** `/settings`: the installation itself, who may use it, and what they did. */
import type { JSX } from 'preact';
import { href } from '../base.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { settingsHref } from '../router.ts';
import { noAdmin } from '../session/session.ts';
import { About } from './about.tsx';
import { Audit } from './audit.tsx';
import { Keys } from './keys.tsx';

type Tab = 'about' | 'keys' | 'audit';

const TEXTS: readonly (readonly [Tab, string])[] = [
  ['about', 'About'],
  ['keys', 'Keys'],
  ['audit', 'Audit log'],
];

export const SettingsPage = ({ tab }: { readonly tab: Tab }): JSX.Element => (
  <>
    <div class="page-head">
      <PageTitle title="Settings" />
    </div>
    <Tabs
      name="Settings"
      tabs={TEXTS.map(([one, text]) => ({ text, href: settingsHref(one), current: one === tab }))}
    />
    {tab === 'about' ? (
      <About />
    ) : noAdmin.value !== null ? (
      <p class="empty">
        {noAdmin.value} <a href={href('login')}>Log in with a key</a>
      </p>
    ) : (
      <Guarded tab={tab} />
    )}
  </>
);

const Guarded = ({ tab }: { readonly tab: 'keys' | 'audit' }): JSX.Element => (tab === 'keys' ? <Keys /> : <Audit />);
