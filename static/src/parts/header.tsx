/** The top of every page: home, whether the server is there, light or dark. */
import type { JSX } from 'preact';
import { homeHref } from '../router.ts';
import { theme, type Theme } from '../theme.ts';
import { Connection } from './connection.tsx';
import { Segmented, type Choice } from './segmented.tsx';

const CHOICES: readonly Choice<Theme>[] = [
  { value: 'system', text: 'As the system', icon: 'screen' },
  { value: 'light', text: 'Light', icon: 'sun' },
  { value: 'dark', text: 'Dark', icon: 'moon' },
];

export const Header = (): JSX.Element => (
  <header class="top">
    <a class="brand" href={homeHref()}>
      <svg class="logo" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="6.5" />
        <path d="M8 4.3V8l2.4 1.500" />
      </svg>
      jobsched
    </a>
    <Connection />
    <Segmented legend="Theme" choices={CHOICES} value={theme.value} onChange={(value) => (theme.value = value)} />
  </header>
);
