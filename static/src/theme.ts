/** Light, dark, or as the system has it. */
import { effect } from '@preact/signals';
import { storedChoice } from './stored.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = storedChoice<Theme>('theme', THEMES);

/** Keeps the document as the signal says. Call once. */
export function startTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
}

/** The one after this one, and round again. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
}
