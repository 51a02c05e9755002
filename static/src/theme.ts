/** Light, dark, or as the system has it: remembered in this browser. */
import { effect, signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'jobsched.theme';

export const theme = signal<Theme>(readTheme());

/** Keeps the document and the storage as the signal says. Call once. */
export function startTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    try {
      localStorage.setItem(KEY, theme.value);
    } catch {
      // Storage may be forbidden: then the choice lasts until the page is left.
    }
  });
}

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((one) => one === stored) ?? 'system';
  } catch {
    return 'system';
  }
}
