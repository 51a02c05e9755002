/** A state as icon, word and colour together, so that none of them has to be seen for it. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { Icon, type IconName } from './icon.tsx';

export type Status = JobView['status'];

/** Beside the word, never alone. */
export const STATUS_ICONS: Readonly<Record<Status, IconName>> = {
  pending: 'clock',
  running: 'spinner',
  succeeded: 'check',
  failed: 'cross',
  cancelled: 'ban',
  skipped: 'skip',
  scheduled: 'repeat',
  paused: 'pause',
  finished: 'flag',
};

/** What people read for it. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pending: 'Pending',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  scheduled: 'Scheduled',
  paused: 'Paused',
  finished: 'Finished',
};

export function StatusBadge({ status }: { readonly status: Status }): JSX.Element {
  return (
    <span class={`status status-${status}`}>
      <Icon name={STATUS_ICONS[status]} />
      {STATUS_WORDS[status]}
    </span>
  );
}
