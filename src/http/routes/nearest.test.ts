import { expect, test } from 'vitest';
import { nearestPath } from './nearest.ts';
import { ROUTES } from './table.ts';

const paths = ROUTES.map(({ path }) => path);

test.each([
  ['/api/job', '/api/jobs'],
  ['/api/jobs/', '/api/jobs'],
  ['//api//jobs', '/api/jobs'],
  ['/API/Jobs', '/api/jobs'],
  ['/jobs/nightly/pause', '/api/jobs/nightly/pause'],
  ['/api/jobs/nightly/versoins', '/api/jobs/nightly/versions'],
  ['/api/job/nightly/stop', '/api/jobs/nightly'],
  ['/healthz', null],
  ['/readyz/', '/readyz'],
  ['/api/schedule/preview', '/api/schedules/preview'],
  ['/etc/passwd', null],
  ['/', null],
  [`/api/${'x'.repeat(1_000)}`, null],
  ['/a'.repeat(100), null],
])('for %s it is %s', (given, meant) => expect(nearestPath(given, paths)).toBe(meant));
