/** Says short things to screen readers, politely: what an action came to. Output and lists are not read out. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';

const announcement = signal('');

export function announce(text: string): void {
  announcement.value = text;
}

export const Announcer = (): JSX.Element => (
  <div class="unseen" role="status" aria-live="polite">
    {announcement}
  </div>
);
