/** What runs while the page is photographed. */
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { RunDetail, RunView } from '../../src/http/schema/run-view.ts';

/** What `./backup.sh` is, in the folder that commands start in. */
export const BACKUP = String.raw`#!/bin/sh
printf '\033[1mBacking up\033[0m /srv/data to s3://backups/nightly\n'
for i in 1 2 3 4 5 6 7 8; do
  sleep 0.0$i
  printf '\033[32m✓\033[0m part-0%s.zst  \033[2m%s.4 MB\033[0m\n' $i $((17 + i * 3))
  if [ $i = 6 ]; then echo 'warning: part-06.zst is larger than the last one by 41 %' >&2; fi
done
case $JOBSCHED_RUN_ID in *.7|*.12) echo 'error: s3: connection reset by peer' >&2; exit 1;; esac
printf '\033[1;32m8 of 8 parts stored and verified\033[0m\n'
`;

/** Oldest first: the list shows the newest on top. */
const JOBS = [
  {
    name: 'report',
    command: './report.py --month',
    schedule: '0 9 1 * *',
    timezone: 'Europe/Berlin',
    retries: 3,
    tags: ['finance'],
  },
  {
    name: 'sync-mirrors',
    command: 'rsync -a --delete mirror::debian /srv/mirror',
    schedule: '@every 15m',
    tags: ['infra'],
  },
  { name: 'rotate-logs', command: 'sleep 0.1; echo rotated 14 files', schedule: '@hourly', tags: ['infra'] },
  {
    name: 'reindex',
    command: 'sleep 0.2; echo 1,204 documents',
    schedule: '*/30 8-18 * * 1-5',
    timezone: 'Europe/Berlin',
  },
  { name: 'heartbeat', command: 'date', schedule: '*/10 * * * * *' },
  {
    name: 'check-disk',
    command: 'echo "/srv is at 93 %" >&2; exit 1',
    schedule: '*/5 * * * *',
    tags: ['infra', 'alerts'],
  },
  {
    name: 'nightly-backup',
    description: 'Everything under /srv/data, to the bucket of this week.',
    command: './backup.sh --all /srv/data',
    schedule: '0 2 * * *',
    timezone: 'Europe/Berlin',
    timeout_seconds: 3_600,
    retries: 0,
    tags: ['backup'],
  },
  {
    name: 'load-warehouse',
    command: './etl.py --full',
    schedule: '15 2,14 * * *',
    timezone: 'Europe/Berlin',
    tags: ['warehouse'],
  },
  {
    name: 'vacuum-db',
    command: 'vacuumdb --all --analyze',
    schedule: '30 2 * * *',
    timezone: 'Europe/Berlin',
    tags: ['warehouse'],
  },
  { name: 'train-model', command: 'echo epoch 1; exec sleep 600', tags: ['ml'] },
  { command: "echo 'Hello, World!'" },
];

/** How often each is run by hand, so that it has a past. */
const PAST: Readonly<Record<string, number>> = {
  'nightly-backup': 20,
  'rotate-logs': 12,
  reindex: 9,
  'check-disk': 6,
};

/** @returns the id of a run that succeeded and wrote something. */
export async function submitAll(url: string): Promise<string> {
  const post = async <Answer>(path: string, body: unknown): Promise<Answer> => {
    const answer = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Answer;
  };
  const finished = async (run: string): Promise<void> => {
    for (;;) {
      const { finished_at: at } = (await (await fetch(`${url}/api/runs/${run}`)).json()) as RunDetail;
      if (at !== null) return;
    }
  };
  for (const job of JOBS) await post<JobView>('api/jobs', job);
  const runAll = async ([name, times]: [string, number]): Promise<string> => {
    let last = '';
    for (let count = 0; count < times; count++) {
      last = (await post<RunView>(`api/jobs/${name}/run`, {})).id;
      await finished(last);
    }
    return last;
  };
  const [backup = ''] = await Promise.all(Object.entries(PAST).map(runAll));
  await post<JobView>('api/jobs/sync-mirrors/pause', {});
  return backup;
}
