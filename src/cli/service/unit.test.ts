import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { unitText } from './unit.ts';

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test('words stay what they are', () => {
  const text = unitText({
    daemon: 'worker',
    program: ['/bin/jobsched'],
    flags: ['--name', 'a b', '--x=$1%'],
    isUsers: true,
  });
  expect(text).toContain('ExecStart=/bin/jobsched worker --name "a b" "--x=$$1%%"\n');
});

test.runIf(hasSystemd).each([true, false])('systemd finds nothing wrong with it (--user: %s)', async (isUsers) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'jobsched-worker.service');
  await writeFile(file, unitText({ daemon: 'worker', program: [process.execPath], flags: [], isUsers }));
  const { stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  expect(stderr.split('\n').filter((line) => line.includes('jobsched-worker'))).toEqual([]);
});
