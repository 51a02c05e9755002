import { expect, test } from 'vitest';
import { parseRoute } from './route.ts';

test.each([
  ['', { page: 'overview' }],
  ['jobs', { page: 'jobs' }],
  ['jobs/', { page: 'jobs' }],
  ['jobs/nightly', { page: 'job', ref: 'nightly', tab: 'runs' }],
  ['jobs/a%2Fb/definition', { page: 'job', ref: 'a/b', tab: 'definition' }],
  ['jobs/%E0%A4', { page: 'job', ref: '%E0%A4', tab: 'runs' }],
  ['runs', { page: 'runs' }],
  ['runs/nightly%2342', { page: 'run', id: 'nightly#42' }],
  ['workers', { page: 'workers', host: null }],
  ['workers/web-1', { page: 'workers', host: 'web-1' }],
  ['settings', { page: 'settings', tab: 'about' }],
  ['settings/keys', { page: 'settings', tab: 'keys' }],
  ['submit', { page: 'submit' }],
  ['login', { page: 'login' }],
])('%j', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});

test.each([
  'run',
  'jobs/a/b',
  'jobs//runs',
  'jobs/a/runs/x',
  'runs/a/b',
  'settings/x',
  'unknown',
  'x',
  'submit/x',
  '?',
])('there is no %j', (path) => {
  expect(parseRoute(path)).toEqual({ page: 'unknown' });
});
