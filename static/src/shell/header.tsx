/** The top of every screen: search, zone, theme, whether the page is live. */
import type { JSX } from 'preact';
import { Icon, type IconName } from '../parts/icon.tsx';
import { submitHref } from '../router.ts';
import { nextTheme, theme, type Theme } from '../theme.ts';
import { LOCAL_ZONE, zone, ZONES, type Zone } from '../zone.ts';
import { Connection } from './connection.tsx';
import { openPalette } from './overlay.ts';

export const Header = (): JSX.Element => (
  <header class="top">
    <button type="button" class="jump" aria-keyshortcuts="Control+K" onClick={openPalette}>
      <Icon name="search" />
      <span class="words">Search or jump to…</span>
      <kbd aria-hidden="true">Ctrl K</kbd>
    </button>
    <Connection />
    <ZonePicker />
    <ThemeButton />
    <a class="button primary" href={submitHref()} title="New job (s)">
      <Icon name="plus" />
      <span class="words">New job</span>
    </a>
  </header>
);

const ZONE_WORDS: Readonly<Record<Zone, string>> = {
  local: `Local, ${LOCAL_ZONE}`,
  job: 'Each job’s own',
  utc: 'UTC',
};

const ZonePicker = (): JSX.Element => (
  <label class="zone" title="In which zone times are shown">
    <Icon name="globe" />
    <span class="unseen">Zone shown</span>
    <span class="chosen" aria-hidden="true">
      {{ local: 'Local', job: 'Job', utc: 'UTC' }[zone.value]}
    </span>
    <select
      value={zone.value}
      onChange={(event) => {
        zone.value = ZONES.find((one) => one === event.currentTarget.value) ?? 'local';
      }}
    >
      {ZONES.map((one) => (
        <option key={one} value={one}>
          {ZONE_WORDS[one]}
        </option>
      ))}
    </select>
  </label>
);

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: 'screen', light: 'sun', dark: 'moon' };
const THEME_WORDS: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

const ThemeButton = (): JSX.Element => (
  <button
    type="button"
    class="icon-button"
    aria-label={`Theme: ${THEME_WORDS[theme.value]}`}
    title={`Theme: ${THEME_WORDS[theme.value]} (t)`}
    onClick={nextTheme}
  >
    <Icon name={THEME_ICONS[theme.value]} />
  </button>
);
