import { describe, expect, test } from 'vitest';
import { previewSchedule } from './preview.ts';

function preview(schedule: string, timezone: string, after: string, count: number): (string | null)[][] {
  const spec = { schedule, timezone, anchor: 0, startsAt: null, endsAt: null };
  return previewSchedule(spec, Date.parse(after), count).map(({ local, note }) => [local, note]);
}

describe('previewSchedule', () => {
  test('gives times on the clock of the zone, and nothing to say on most days', () => {
    const spec = { schedule: '@every 90s', timezone: 'Europe/Berlin', anchor: 0, startsAt: null, endsAt: null };
    expect(previewSchedule(spec, 0, 2)).toEqual([
      { slot: 90_000, local: '1970-01-01T01:01:30+01:00', note: null },
      { slot: 180_000, local: '1970-01-01T01:03:00+01:00', note: null },
    ]);
    expect(preview('30 2 * * *', 'Europe/Berlin', '2026-06-01T00:00:00Z', 1)).toEqual([
      ['2026-06-01T02:30:00+02:00', null],
    ]);
  });

  test('is shorter when the schedule ends', () => {
    const spec = { schedule: '@daily', timezone: 'UTC', anchor: 0, startsAt: null, endsAt: 2 * 86_400_000 };
    expect(previewSchedule(spec, 0, 5)).toHaveLength(1);
  });

  test.for([
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      '2026-03-29T03:00:00+02:00',
      '02:30 does not exist on this day in Europe/Berlin; runs at 03:00',
    ],
    [
      '0,30 2,3 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      '2026-03-29T03:00:00+02:00',
      '02:00 and 02:30 do not exist on this day in Europe/Berlin; runs at 03:00',
    ],
    [
      '* 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      '2026-03-29T03:00:00+02:00',
      '02:00 and others do not exist on this day in Europe/Berlin; runs at 03:00',
    ],
    [
      '15 30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      '2026-10-25T02:30:15+02:00',
      '02:30:15 comes twice on this day in Europe/Berlin; runs the first time',
    ],
    [
      '30 */2 * * *',
      'Europe/Berlin',
      '2026-03-29T00:00:00Z',
      '2026-03-29T03:30:00+02:00',
      '02:30 does not exist on this day in Europe/Berlin; runs at 03:30',
    ],
    ['30 * * * *', 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:30:00+02:00', null],
    [
      '30 * * * *',
      'Europe/Berlin',
      '2026-10-25T00:00:00Z',
      '2026-10-25T02:30:00+02:00',
      '02:30 comes twice on this day in Europe/Berlin; runs both times, this is the first',
    ],
    [
      '30 * * * *',
      'Europe/Berlin',
      '2026-10-25T01:00:00Z',
      '2026-10-25T02:30:00+01:00',
      '02:30 comes twice on this day in Europe/Berlin; runs both times, this is the second',
    ],
    [
      '0 9 30 12 *',
      'Pacific/Apia',
      '2011-12-01T00:00:00Z',
      '2011-12-31T00:00:00+14:00',
      '2011-12-30 09:00 does not exist in Pacific/Apia; runs at 2011-12-31 00:00',
    ],
    [
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T15:00:00Z',
      '2026-10-04T02:30:00+11:00',
      '02:15 does not exist on this day in Australia/Lord_Howe; runs at 02:30',
    ],
  ] as const)('%s in %s after %s', ([schedule, timezone, after, local, note]) => {
    expect(preview(schedule, timezone, after, 1)).toEqual([[local, note]]);
  });

  test('the hour after the first pass of a repeat has no note for fixed times', () => {
    const after = '2026-10-25T00:30:00Z';
    expect(preview('30 1,2,3 * * *', 'Europe/Berlin', after, 1)).toEqual([['2026-10-25T03:30:00+01:00', null]]);
  });
});
