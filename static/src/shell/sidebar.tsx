/** The way to every screen: beside the page, at its bottom on a phone. */
import type { JSX } from 'preact';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { Route } from '../route.ts';
import { jobsHref, overviewHref, route, runsHref, schedulesHref, settingsHref, workersHref } from '../router.ts';

interface Place {
  readonly text: string;
  readonly icon: IconName;
  readonly href: string;
  /** The screens that belong to it. */
  readonly pages: readonly Route['page'][];
  /** After `g`. */
  readonly key: string;
}

export const PLACES: readonly Place[] = [
  { text: 'Overview', icon: 'home', href: overviewHref(), pages: ['overview'], key: 'o' },
  { text: 'Jobs', icon: 'list', href: jobsHref(), pages: ['jobs', 'job', 'submit'], key: 'j' },
  { text: 'Runs', icon: 'play', href: runsHref(), pages: ['runs', 'run'], key: 'r' },
  { text: 'Schedules', icon: 'calendar', href: schedulesHref(), pages: ['schedules'], key: 's' },
  { text: 'Workers', icon: 'server', href: workersHref(), pages: ['workers'], key: 'w' },
  { text: 'Settings', icon: 'gear', href: settingsHref(), pages: ['settings'], key: ',' },
];

export const Sidebar = (): JSX.Element => (
  <nav class="side" aria-label="Screens">
    <a class="brand" href={overviewHref()} title="Overview" aria-label="jobsched, overview">
      <svg class="logo" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="6.5" />
        <path d="M8 4.3V8l2.4 1.500" />
      </svg>
      <span class="words">jobsched</span>
    </a>
    <ul>
      {PLACES.map(({ text, icon, href, pages, key }) => (
        <li key={text}>
          <a
            href={href}
            title={`${text} (g ${key})`}
            aria-current={pages.includes(route.value.page) ? 'page' : undefined}
          >
            <Icon name={icon} />
            <span class="words">{text}</span>
          </a>
        </li>
      ))}
    </ul>
  </nav>
);
