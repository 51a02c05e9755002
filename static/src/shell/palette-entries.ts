/** What the palette finds. */
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { ApiError } from '../api/request.ts';
import { listJobs } from '../api/jobs.ts';
import type { IconName } from '../parts/icon.tsx';
import { jobHref, navigate, runHref, runsHref, submitHref } from '../router.ts';
import { nextTheme } from '../theme.ts';
import { togglePause } from '../live/live.ts';
import { openKeys } from './overlay.ts';
import { PLACES } from './sidebar.tsx';

export interface Entry {
  readonly id: string;
  readonly icon: IconName;
  readonly text: string;
  /** What kind of thing it is, or the key that does the same. */
  readonly about: string;
  readonly choose: () => void;
}

const MOST_JOBS = 8;
const RUN = /^\S+#\d+$/;

/** What is there before anything is typed. */
export const STANDING: readonly Entry[] = [
  ...PLACES.map(({ text, icon, href, key }) => entry(icon, text, `g ${key}`, () => navigate(href))),
  entry('plus', 'New job', 's', () => navigate(submitHref())),
  entry('cross', 'Failed runs of the last 24 hours', '', () => navigate(runsHref('?status=failed&since=24h'))),
  entry('pause', 'Hold the page still', 'p', togglePause),
  entry('moon', 'Next theme', 't', nextTheme),
  entry('info', 'Keys', '?', openKeys),
];

function entry(icon: IconName, text: string, about: string, choose: () => void): Entry {
  return { id: text, icon, text, about, choose };
}

/** Shows what stands here at once, and what the server finds when it has. */
export async function findEntries(
  text: string,
  signal: AbortSignal,
  show: (entries: readonly Entry[]) => void,
): Promise<void> {
  const wanted = text.trim();
  if (wanted === '') return show(STANDING);
  const run = RUN.test(wanted) ? [entry('play', wanted, 'run', () => navigate(runHref(wanted)))] : [];
  const standing = STANDING.filter((one) => one.text.toLowerCase().includes(wanted.toLowerCase()));
  try {
    const { jobs } = await listJobs({ q: wanted }, { limit: MOST_JOBS, cursor: null, signal });
    const found = jobs.map(jobEntry);
    show([...run, ...found, ...standing]);
  } catch (error) {
    if (!(error instanceof ApiError)) return;
    show([...run, ...standing]);
  }
}

const jobEntry = ({ id, name, command }: JobView): Entry => ({
  id,
  icon: 'list',
  text: name ?? command,
  about: name === null ? 'job' : command,
  choose: () => navigate(jobHref(name ?? id)),
});
