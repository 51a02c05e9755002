/** The frame of every page. */
import type { JSX } from 'preact';
import { JobPage } from './job/job-page.tsx';
import { HomePage } from './jobs/home-page.tsx';
import { awaySince } from './live.ts';
import { Announcer } from './parts/announcer.tsx';
import { Header } from './parts/header.tsx';
import { PageTitle } from './parts/page-title.tsx';
import { homeHref, route } from './router.ts';
import { RunPage } from './run/run-page.tsx';

export const App = (): JSX.Element => (
  <>
    <Header />
    <main class={awaySince.value === null ? '' : 'stale'}>
      <Page />
    </main>
    <Announcer />
  </>
);

function Page(): JSX.Element {
  const at = route.value;
  if (at.page === 'home') return <HomePage />;
  if (at.page === 'job') return <JobPage key={at.ref} job={at.ref} />;
  if (at.page === 'run') return <RunPage key={at.id} id={at.id} />;
  return (
    <section class="empty">
      <PageTitle title="There is no such page" />
      <p>
        <a href={homeHref()}>All jobs</a>
      </p>
    </section>
  );
}
