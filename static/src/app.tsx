/** The frame of every screen, and which one is in it. */
import type { ComponentType, JSX } from 'preact';
import { loginNeeded } from './api/login-needed.ts';
import { JobPage } from './job/job-page.tsx';
import { JobsPage } from './jobs/jobs-page.tsx';
import { staleSince } from './live/live.ts';
import { LoginOver } from './login/login-over.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { Announcer } from './parts/announcer.tsx';
import { lazy } from './parts/lazy.tsx';
import { PageTitle } from './parts/page-title.tsx';
import type { Route } from './route.ts';
import { overviewHref, route } from './router.ts';
import { RunsPage } from './runs/runs-page.tsx';
import { letIn } from './session/session.ts';
import { StaleNote } from './shell/connection.tsx';
import { Header } from './shell/header.tsx';
import { overlay } from './shell/overlay.ts';
import { Sidebar } from './shell/sidebar.tsx';

// Few parts, each of some size: what several of them share is a file of its own for every combination.
const SubmitPage = lazy(() => import('./forms.ts').then((part) => part.SubmitPage));
const RunPage = lazy(() => import('./run/run-page.tsx').then((part) => part.RunPage));
const SchedulesPage = lazy(() => import('./schedules/schedules-page.tsx').then((part) => part.SchedulesPage));
const WorkersPage = lazy(() => import('./later.ts').then((part) => part.WorkersPage));
const SettingsPage = lazy(() => import('./later.ts').then((part) => part.SettingsPage));
const LoginPage = lazy(() => import('./later.ts').then((part) => part.LoginPage));
const Palette = lazy(() => import('./later.ts').then((part) => part.Palette));
const KeysDialog = lazy(() => import('./later.ts').then((part) => part.KeysDialog));

export function App(): JSX.Element {
  const needed = loginNeeded.value;
  if (route.value.page === 'login' || (needed && !letIn.value)) return <Bare page={LoginPage} />;
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>('h1')?.focus()}>
        Skip to the content
      </button>
      <Sidebar />
      <Header />
      <main class={staleSince.value === null ? '' : 'stale'}>
        <StaleNote />
        <Screen at={route.value} />
      </main>
      {overlay.value === 'palette' && <Palette />}
      {overlay.value === 'keys' && <KeysDialog />}
      {needed && (
        <LoginOver>
          <LoginPage />
        </LoginOver>
      )}
      <Announcer />
    </div>
  );
}

const Bare = ({ page: Page }: { readonly page: ComponentType }): JSX.Element => (
  <>
    <main class="bare">
      <Page />
    </main>
    <Announcer />
  </>
);

function Screen({ at }: { readonly at: Route }): JSX.Element {
  switch (at.page) {
    case 'overview':
      return <OverviewPage />;
    case 'jobs':
      return <JobsPage />;
    case 'job':
      return <JobPage key={at.ref} job={at.ref} tab={at.tab} />;
    case 'submit':
      return <SubmitPage />;
    case 'runs':
      return <RunsPage />;
    case 'run':
      return <RunPage key={at.id} id={at.id} />;
    case 'schedules':
      return <SchedulesPage />;
    case 'workers':
      return <WorkersPage host={at.host} />;
    case 'settings':
      return <SettingsPage tab={at.tab} />;
    case 'login':
    case 'unknown':
      return <Unknown />;
  }
}

const Unknown = (): JSX.Element => (
  <section class="empty">
    <PageTitle title="There is no such page" />
    <p>
      <a href={overviewHref()}>Overview</a>
    </p>
  </section>
);
