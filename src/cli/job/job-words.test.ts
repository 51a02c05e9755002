import { describe, expect, test } from 'vitest';
import { creationSentence, lastWords, nextSentence } from './job-words.ts';
import type { JobView } from '../../client/client.ts';

const moment = { now: Date.parse('2026-11-24T02:48:00Z'), zone: 'Europe/Berlin' };

/** A job with no more than these words need. */
const jobWith = (fields: Partial<JobView>): JobView =>
  ({ name: 'tick', queue: 'default', next_run_at: null, run_at: null, status: 'pending', ...fields }) as JobView;

describe('lastWords', () => {
  const ran = (fields: Partial<JobView['last_run']>): JobView['last_run'] => ({
    id: 'x.1',
    number: 1,
    status: 'failed',
    reason: null,
    started_at: '2026-11-23T12:40:00Z',
    finished_at: '2026-11-24T02:31:00Z',
    contact_lost: false,
    late: false,
    late_at: null,
    ...fields,
  });

  test.each([
    ['cron', ran({}), 'failed 17m ago'],
    ['cron', ran({ status: 'succeeded' }), 'ok 17m ago'],
    ['cron', ran({ finished_at: '2026-11-23T12:40:00Z' }), 'failed 14h ago'],
    ['cron', ran({ status: 'running', finished_at: null }), 'running 14h'],
    ['cron', ran({ status: 'pending', started_at: null, finished_at: null }), 'pending'],
    ['cron', ran({ status: 'running', contact_lost: true }), 'no word from its worker'],
    ['cron', null, ''],
    ['once', ran({}), '17m ago'],
    ['once', ran({ status: 'running', finished_at: null }), 'for 14h'],
    ['once', ran({ status: 'pending', started_at: null, finished_at: null }), ''],
    ['once', ran({ status: 'running', contact_lost: true }), 'no word from its worker'],
    ['once', ran({ finished_at: '2026-11-24T02:48:01Z' }), 'now'],
  ] as const)('%s %j: %s', (type, last, words) => {
    expect(lastWords({ type, last_run: last }, moment.now)).toBe(words);
  });
});

describe('a cron job', () => {
  const job = jobWith({
    type: 'cron',
    schedule_words: 'At 07:00, every day',
    timezone: 'America/New_York',
    next_run_at: '2026-11-24T12:00:00Z',
  });

  test('comes by the clock of its own zone', () => {
    expect(nextSentence(job, moment)).toBe('2026-11-24 07:00 America/New_York (in 9h 12m)');
    expect(creationSentence(job, moment)).toBe(
      'created tick · at 07:00, every day · next 2026-11-24 07:00 America/New_York (in 9h 12m)',
    );
  });

  test('seconds are shown where there are some', () => {
    expect(nextSentence({ ...job, next_run_at: '2026-11-24T12:00:05Z' }, moment)).toMatch(/^2026-11-24 07:00:05 Am/);
  });

  test('in the reader’s own zone the clock will do', () => {
    expect(creationSentence(job, { ...moment, zone: 'America/New_York' })).toMatch(
      / · next 2026-11-24 07:00:00 \(in 9h/,
    );
  });

  test('a zone that the reader asks for goes before', () => {
    expect(nextSentence(job, { ...moment, zone: 'UTC', isAsked: true })).toBe('2026-11-24 12:00 UTC (in 9h 12m)');
  });

  test('without a next time', () => {
    expect(nextSentence({ ...job, next_run_at: null }, moment)).toBeNull();
    expect(creationSentence({ ...job, next_run_at: null }, moment)).toMatch(/ · no next time$/);
  });
});

test.each([
  [null, 'created tick · runs now'],
  ['2026-11-24T02:48:00Z', 'created tick · runs now'],
  ['2026-11-24T02:58:00Z', 'created tick · runs 03:58:00 (in 10m)'],
  ['2020-01-01T09:00:00Z', 'created tick · runs now (2020-01-01 10:00:00 has passed)'],
])('a once job at %s: %s', (at, sentence) => {
  expect(creationSentence(jobWith({ type: 'once', run_at: at }), moment)).toBe(sentence);
});
